"""Releases a period's figures to an audience from a day on, with approver and reason."""

from sqlmodel import Session, select

from app.commands.change import Change
from app.commands.plan.touch import touch_figures_ending
from app.domain.errors import RuleBroken
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.models.figures.figure import Figure
from app.models.figures.release import Release, ReleaseIn
from app.models.plan.indicator import Indicator
from app.queries.figures.release import period_ending


def release_figures(change: Change, indicator: Indicator, approval: ReleaseIn) -> Release:
    """Appends an approval. The newest in effect counts, so a later one may narrow the audience again.

    The audit event leaves the reason out: only viewers of the figures may read that.
    """
    session, period = change.session, parse_period(approval.period)
    _require_figure_period(session, indicator, period)
    if approval.from_on < change.today:
        raise RuleBroken(
            "from_on", "day_has_passed", "Expected today or a later day: nobody saw them earlier by it."
        )
    release = change.add(
        Release(
            partnership_id=indicator.partnership_id,
            indicator_id=indicator.id,
            last_month=period.last,
            audience=approval.audience.value,
            from_on=approval.from_on,
            reason=approval.reason,
        )
    )
    touch_figures_ending(session, [indicator.id], period.last, period.last)
    change.touch(indicator)
    change.record(
        "figures released",
        "indicator",
        indicator.code,
        release=release.id,
        period=approval.period,
        audience=approval.audience.value,
        from_on=approval.from_on,
    )
    return release


def _require_figure_period(session: Session, indicator: Indicator, period: Period) -> None:
    """Raises RuleBroken unless a figure has this period.

    A year of a quarterly indicator would release its last quarter alone, which nobody would mean.
    """
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
