"""Releasing figures: who may see those of a period from a day on, who approved that, and why."""

from sqlmodel import Session, select

from app.commands.change import Change
from app.commands.plan.restamp import restamp_figures_ending
from app.domain.errors import RuleBroken
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.models.figures.figure import Figure
from app.models.figures.release import Release, ReleaseIn
from app.models.plan.indicator import Indicator
from app.queries.figures.release import period_ending


def release_figures(change: Change, indicator: Indicator, sent: ReleaseIn) -> Release:
    """Appends the approval. The newest whose day has come counts, so a later one may narrow again.

    The record of changes tells of it without its reason, which is for who may see the figures.
    """
    session, period = change.session, parse_period(sent.period)
    _is_a_figure_s(session, indicator, period)
    if sent.from_on < change.today:
        raise RuleBroken(
            "from_on", "day_has_passed", "Expected today or a later day: nobody saw them earlier by it."
        )
    made = change.add(
        Release(
            partnership_id=indicator.partnership_id,
            indicator_id=indicator.id,
            last_month=period.last,
            audience=sent.audience.value,
            from_on=sent.from_on,
            reason=sent.reason,
        )
    )
    restamp_figures_ending(session, [indicator.id], period.last, period.last)
    change.touch(indicator)
    change.record(
        "figures released",
        "indicator",
        indicator.code,
        release=made.id,
        period=sent.period,
        audience=sent.audience.value,
        from_on=sent.from_on,
    )
    return made


def _is_a_figure_s(session: Session, indicator: Indicator, period: Period) -> None:
    """A year of a quarterly indicator would release its last quarter alone, which nobody would mean."""
    usual = period_ending(indicator, period.last)
    if period == usual:
        return
    query = select(Figure.id).where(
        Figure.indicator_id == indicator.id,
        Figure.first_month == period.first,
        Figure.last_month == period.last,
    )
    if session.exec(query).first() is None:
        raise RuleBroken(
            "period", "not_a_figure", f"Expected the period of a figure, such as {usual}. Send one at a time."
        )
