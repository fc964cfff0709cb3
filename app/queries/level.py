"""Where a target stands in each period of a chart: its own number, or a quarter's share of a yearly count."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from app.domain.baseline import AnyBaseline, Baseline
from app.domain.figure import Figure
from app.domain.indicator import Indicator
from app.domain.period import Period
from app.domain.profile import Profile, by_milestones, by_shape
from app.domain.series import Series
from app.domain.target import Applies, Change, ChangeBy
from app.models.target import Target
from app.queries.target import line_value, milestones, parse

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
            (each for each in versions if Period.parse(each.from_period).first <= figure.period.last), None
        )
        if (
            row is None
            or not plan.overlaps(figure.period)
            or _is_cut_off(row, baseline, measured, plan, figure)
        ):
            continue
        level = line_value(parse(row.words), measured, baseline)
        if level is None:
            continue
        if not measured.accumulates:
            made[figure.period] = level
        elif row.applies == Applies.EACH_YEAR:
            made[figure.period] = _share(series, row, figure.period, level)
    return made


def _is_cut_off(
    row: Target, baseline: AnyBaseline, measured: Indicator, plan: Period, figure: Figure
) -> bool:
    """Whether a recording change parts a figure from what its target was set for: no line is drawn there."""
    start = max(plan.first, Period.parse(row.from_period).first)
    if isinstance(parse(row.words), Change | ChangeBy) and isinstance(baseline, Baseline):
        start = min(start, baseline.period.first)
    return measured.break_between(start, figure.period.last) is not None


def _share(series: Series, row: Target, period: Period, whole: Decimal) -> Decimal:
    """What a year's number comes to in one of its periods, by the profile its rating uses."""
    year = period.financial_year()
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
