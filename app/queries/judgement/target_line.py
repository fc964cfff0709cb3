"""Computes the level of a target in each period of a chart: its number, or a period's share of a yearly count."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from app.domain.figures.figure import Figure
from app.domain.judgement.goal import Step, step_for
from app.domain.judgement.profile import Profile, by_milestones, by_shape
from app.domain.judgement.series import Series
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.plan.baseline import AnyBaseline, Baseline
from app.domain.plan.indicator import Indicator
from app.domain.plan.target_shape import Applies, ByYear, Change, ChangeBy
from app.domain.plan.target_words import parse
from app.models.plan.target import Target
from app.queries.plan.target import line_value, milestones

TENTH = Decimal("0.1")


def target_line(
    versions: Sequence[Target],
    baseline: AnyBaseline,
    measured: Indicator,
    figures: Sequence[Figure],
    plan: Period,
) -> dict[Period, Decimal]:
    """Level of the target by period of the figures, without those it has no level for.

    `versions` of the target are newest first; each holds from its first period.
    """
    series = Series(measured, figures)
    line: dict[Period, Decimal] = {}
    for figure in figures:
        row = next(
            (each for each in versions if parse_period(each.from_period).first <= figure.period.last), None
        )
        if (
            row is None
            or not plan.overlaps(figure.period)
            or _is_cut_off(row, baseline, measured, plan, figure)
        ):
            continue
        level_and_year = _level_and_year(row, baseline, measured, figure.period)
        if level_and_year is None:
            continue
        level, year = level_and_year
        if not measured.accumulates:
            line[figure.period] = level
        elif row.applies == Applies.EACH_YEAR:
            line[figure.period] = _share(series, row, figure.period, level, year)
    return line


def _level_and_year(
    row: Target, baseline: AnyBaseline, measured: Indicator, period: Period
) -> tuple[Decimal, Period] | None:
    """Level of a target for a period, and the year it applies to: a plan's 2018 ends in December.

    None for a count whose period begins before that year.
    """
    target, year = parse(row.words), period.financial_year()
    step = step_for(target, period.last) if isinstance(target, ByYear) else None
    if isinstance(step, Step):
        if measured.accumulates and period.first < step.first:
            return None
        target, year = step.target, Period(step.first, step.last - step.first + 1)
    level = line_value(target, measured, baseline)
    return (level, year) if level is not None else None


def _is_cut_off(
    row: Target, baseline: AnyBaseline, measured: Indicator, plan: Period, figure: Figure
) -> bool:
    """Whether a recording change lies between the target's start (or baseline) and a figure: no line is drawn then."""
    start = max(plan.first, parse_period(row.from_period).first)
    target = parse(row.words)
    parts = [step for _, step in target.steps] if isinstance(target, ByYear) else [target]
    if any(isinstance(part, Change | ChangeBy) for part in parts) and isinstance(baseline, Baseline):
        start = min(start, baseline.period.first)
    return measured.break_between(start, figure.period.last) is not None


def _share(series: Series, row: Target, period: Period, yearly: Decimal, year: Period) -> Decimal:
    """Share of a yearly level in one period, by the profile its rating uses."""
    if period.months >= year.months:
        return yearly

    def reached(month: int) -> Profile:
        if month < year.first or month >= year.last:
            return Profile(float(month >= year.last), 0.0, "")
        profile = by_milestones(milestones(row), year.first, year.last, month, yearly)
        return profile or by_shape(series, year.first, year.last, month)

    upto, before = reached(period.last), reached(period.first - 1)
    # One end by the shape of earlier years and the other by a straight line would be a share of neither.
    straight = upto.is_straight or before.is_straight
    share = period.months / year.months if straight else upto.share - before.share
    return (yearly * Decimal(str(share))).quantize(TENTH, rounding=ROUND_HALF_EVEN)
