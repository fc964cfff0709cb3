"""Warns of figures outside the usual range of their series.

The usual range is the natural process limits of an XmR chart: the mean, plus and minus 2.66 times the mean
moving range (Wheeler and Chambers 1992, "Understanding Statistical Process Control", chapter 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import sub

from app.domain.figures.row_warning import RowWarning
from app.domain.figures.slip import Earlier, Yardstick, neighbours, slip_warning
from app.domain.period import Period
from app.domain.plan.indicator import Indicator, Measure

FEWEST = 8
MOST = 12
"""Figures that a usual range is computed from, at most."""
SCALE = 2.66
YEARS = 3
"""Complete years of figures needed to estimate a season."""
NAMES = {1: "month", 3: "quarter", 12: "year"}
MAY_BE_NEGATIVE = {Measure.MONEY, Measure.INDEX, Measure.MEAN}


@dataclass(frozen=True, slots=True)
class UsualRange:
    """Control limits. `basis` describes the figures used, in words to follow the two numbers."""

    low: float
    high: float
    basis: str
    seasonal: bool = False


def value_warning(
    value: Decimal,
    period: Period,
    earlier: Sequence[Earlier],
    indicator: Indicator,
    other: Yardstick | None = None,
) -> RowWarning | None:
    """Warns about a value, given the figures before it, oldest first. A slip takes precedence over the range.

    `other` is the yardstick for a slip, where it is not the figures before.
    """
    yardstick = other or neighbours(earlier, period, indicator)
    if indicator.breaks or indicator.exceptional:
        earlier = [each for each in earlier if _is_comparable(each[0], period, indicator)]
    return slip_warning(value, yardstick, indicator) or _outside(value, period, earlier, indicator)


def usual_range(period: Period, earlier: Sequence[Earlier], indicator: Indicator) -> UsualRange | None:
    """Range in which the period's value is expected; None for too few figures, or figures that never move.

    Periods that overlap are not compared, so a rolling window has a usual range only from year to year. A count
    of events is compared like with like where three complete years are there and the changes on the year before
    move less, from one to the next, than the figures themselves do: its season then explains more than its level.
    """
    apart = [each for each in earlier if (period.first - each[0]) % period.months == 0]
    if len(apart) < FEWEST:
        return None
    latest = apart[-MOST:]
    values = [float(value) for _, value in latest]
    moving = _mean_moving_range(values)
    changes = _changes_on_a_year(period, apart, indicator)
    if changes and 0 < _mean_moving_range(changes) < moving:
        year_before = float(apart[-12 // period.months][1])
        return _limits(changes, year_before, _same_season(period), indicator, seasonal=True)
    return _limits(values, 0, _run(period, latest), indicator) if moving else None


def _is_comparable(first: int, period: Period, indicator: Indicator) -> bool:
    last = first + period.months - 1
    return indicator.break_between(first, period.last) is None and not indicator.is_exceptional(first, last)


def _outside(
    value: Decimal, period: Period, earlier: Sequence[Earlier], indicator: Indicator
) -> RowWarning | None:
    if len(earlier) < FEWEST or indicator.is_exceptional(period.first, period.last):
        return None
    usual = usual_range(period, earlier, indicator)
    if usual is None or usual.low <= float(value) <= usual.high:
        return None
    way = "above" if float(value) > usual.high else "below"
    does = "usually does at this time of year" if usual.seasonal else "usually does"
    low, high = (indicator.words(Decimal(str(round(limit, 6)))) for limit in (usual.low, usual.high))
    words = f"{indicator.words(value)} is well {way} what this series {does} ({low} to {high} {usual.basis})."
    return RowWarning("outside_usual_range", words)


def _changes_on_a_year(period: Period, apart: Sequence[Earlier], indicator: Indicator) -> list[float]:
    """Changes on the year before over the last two years, oldest first; none unless three years are complete."""
    months = period.months
    if not indicator.accumulates or indicator.measure is not Measure.COUNT or months >= 12 or 12 % months:
        return []
    latest = apart[-12 * YEARS // months :]
    if len(latest) < 12 * YEARS // months or latest[0][0] != period.first - 12 * YEARS:
        return []
    values = [value for _, value in latest]
    return list(map(float, map(sub, values[12 // months :], values)))


def _limits(
    values: Sequence[float], level: float, basis: str, indicator: Indicator, *, seasonal: bool = False
) -> UsualRange:
    """Natural process limits. Where the values are changes, `level` is the base they are added to."""
    middle, reach = level + sum(values) / len(values), SCALE * _mean_moving_range(values)
    low, high = middle - reach, middle + reach
    if indicator.measure not in MAY_BE_NEGATIVE:
        low = max(low, 0.0)
    if indicator.measure is Measure.PERCENTAGE:
        high = min(high, 100.0)
    return UsualRange(low, high, basis, seasonal)


def _mean_moving_range(values: Sequence[float]) -> float:
    moved: list[float] = list(map(sub, values[1:], values))
    return sum(map(abs, moved)) / len(moved)


def _run(period: Period, figures: Sequence[Earlier]) -> str:
    name = NAMES.get(period.months, "period")
    unbroken = period.first - figures[0][0] == len(figures) * period.months
    return f"over the last {len(figures)} {name}s" if unbroken else f"over {len(figures)} earlier {name}s"


def _same_season(period: Period) -> str:
    return f"from the same {NAMES.get(period.months, 'months')} a year before and how that has changed"
