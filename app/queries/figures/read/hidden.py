"""Finds whether any stored figure is hidden from a viewer, and why."""

from collections.abc import Iterable

from sqlmodel import Session, select

from app.domain.figures.release import HiddenReason
from app.models.plan.indicator import Indicator
from app.queries.figures.read.month import months_with_figures
from app.queries.figures.visibility import FigureVisibility, GuardedIndicator


def hidden_reasons(
    session: Session,
    visibility: FigureVisibility,
    indicators: Iterable[GuardedIndicator],
    *,
    until: int | None = None,
) -> dict[int, HiddenReason]:
    """Reason by id of each indicator with a hidden figure; `until` is the last month to check."""
    guarded = {each.id: each for each in indicators if not visibility.is_open(each)}
    months = months_with_figures(session, guarded) if guarded else {}
    reasons: dict[int, HiddenReason] = {}
    for id_, indicator in guarded.items():
        until_then = (month for month in months.get(id_, ()) if until is None or month <= until)
        hidden = (visibility.hidden_reason(indicator, month) for month in until_then)
        if reason := next(filter(None, hidden), None):
            reasons[id_] = reason
    return reasons


def hidden_reason(
    session: Session, visibility: FigureVisibility, indicator: GuardedIndicator
) -> HiddenReason | None:
    """Why a figure of an indicator is hidden; None if none is."""
    return hidden_reasons(session, visibility, [indicator]).get(indicator.id)


def partnership_hidden_reason(session: Session, visibility: FigureVisibility) -> HiddenReason | None:
    """Why a figure of the partnership is hidden; None if none is."""
    query = select(Indicator).where(Indicator.partnership_id == visibility.partnership_id)
    return next(iter(hidden_reasons(session, visibility, session.exec(query).all()).values()), None)
