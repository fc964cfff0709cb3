"""Whether some of the figures that are there are hidden from a viewer, and why."""

from collections.abc import Iterable

from sqlmodel import Session, select

from app.domain.figures.release import Withheld
from app.models.plan.indicator import Indicator
from app.queries.figures.read.month import months_with_figures
from app.queries.figures.sight import Guarded, Sight


def hidden_reasons(
    session: Session, sight: Sight, indicators: Iterable[Guarded], *, until: int | None = None
) -> dict[int, Withheld]:
    """By id, of the indicators of which a figure is hidden; `until` looks no later than a month."""
    guarded = {each.id: each for each in indicators if not sight.is_open(each)}
    months = months_with_figures(session, guarded) if guarded else {}
    reasons: dict[int, Withheld] = {}
    for id_, indicator in guarded.items():
        until_then = (month for month in months.get(id_, ()) if until is None or month <= until)
        hidden = (sight.withholds(indicator, month) for month in until_then)
        if reason := next(filter(None, hidden), None):
            reasons[id_] = reason
    return reasons


def hidden_reason(session: Session, sight: Sight, indicator: Guarded) -> Withheld | None:
    """Why some figure of an indicator is hidden; None where none is."""
    return hidden_reasons(session, sight, [indicator]).get(indicator.id)


def partnership_hidden_reason(session: Session, sight: Sight) -> Withheld | None:
    """Why something is hidden of all the partnership's figures together; None where nothing is."""
    query = select(Indicator).where(Indicator.partnership_id == sight.partnership_id)
    return next(iter(hidden_reasons(session, sight, session.exec(query).all()).values()), None)
