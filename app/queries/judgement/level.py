"""Where a target stands in each period of a chart: its own number, or a quarter's share of a yearly count."""

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


def levels(
    versions: Sequence[Target],
    baseline: AnyBaseline,
    measured: Indicator,
    found: Sequence[Figure],
    plan: Period,
) -> dict[Period, Decimal]:
    """By period, for the figures found. `versions` are a target's, newest first; each holds from its first period."""
    series = Series(measured, found)
    made: dict[Period, Decimal] = {}
    for figure in found:
        row = next(
            (each for each in versions if parse_period(each.from_period).first <= figure.period.last), None
        )
        if (
            row is None
            or not plan.overlaps(figure.period)
            or _is_cut_off(row, baseline, measured, plan, figure)
        ):
            continue
        found_level = _of_a_year(row, baseline, measured, figure.period)
        if found_level is None:
            continue
        level, year = found_level
        if not measured.accumulates:
            made[figure.period] = level
        elif row.applies == Applies.EACH_YEAR:
            made[figure.period] = _share(series, row, figure.period, level, year)
    return made


def _of_a_year(
    row: Target, baseline: AnyBaseline, measured: Indicator, period: Period
) -> tuple[Decimal, Period] | None:
    """The number a target comes to for a period, and the year the number is of: a plan's 2018 ends in December.

    A count that runs over from the year before is of neither.
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
    """Whether a recording change parts a figure from what its target was set for: no line is drawn there."""
    start = max(plan.first, parse_period(row.from_period).first)
    target = parse(row.words)
    parts = [step for _, step in target.steps] if isinstance(target, ByYear) else [target]
    if any(isinstance(part, Change | ChangeBy) for part in parts) and isinstance(baseline, Baseline):
        start = min(start, baseline.period.first)
    return measured.break_between(start, figure.period.last) is not None


def _share(series: Series, row: Target, period: Period, whole: Decimal, year: Period) -> Decimal:
    """What a year's number comes to in one of its periods, by the profile its rating uses."""
    if period.months >= year.months:
        return whole

    def reached(month: int) -> Profile:
        if month < year.first or month >= year.last:
            return Profile(float(month >= year.last), 0.0, "")
        profile = by_milestones(milestones(row), year.first, year.last, month, whole)
        return profile or by_shape(series, year.first, year.last, month)

    upto, before = reached(period.last), reached(period.first - 1)
    # One end by the shape of earlier years and the other by a straight line would be a share of neither.
    straight = upto.is_straight or before.is_straight
    share = period.months / year.months if straight else upto.share - before.share
    return (whole * Decimal(str(share))).quantize(TENTH, rounding=ROUND_HALF_EVEN)
