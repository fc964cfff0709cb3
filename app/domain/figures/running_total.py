"""Warns of a year to date that was sent as the figure of a quarter or a month.

The first figure of a year is its own year to date, so only later ones can be told. A figure is doubted where it is
much nearer to the year's total so far than to a single period's level, and no earlier period was as high.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.figures.row_warning import RowWarning
from app.domain.period import Period
from app.domain.plan.indicator import Indicator

NEARER = 2
"""Times by which the figure must be nearer to the running total than to a single level."""
AS_HIGH = Decimal("0.8")
"""Share of the figure at which an earlier one shows that a single period can be so high."""
BEYOND_CHANCE = 4
"""Standard deviations of a difference of two counts by which it must exceed a single level."""
YEARS = 3


@dataclass(frozen=True, slots=True)
class _Expected:
    """Total of the year's periods so far, and the level expected of the next."""

    so_far: Decimal
    level: Decimal

    @property
    def total(self) -> Decimal:
        return self.so_far + self.level

    def is_running_total(self, value: Decimal) -> bool:
        """Whether a value is much nearer to the running total than to the level, and beyond chance."""
        above = value - self.level
        return (
            0 < self.so_far <= value
            and abs(value - self.total) * NEARER <= above
            and above**2 >= BEYOND_CHANCE**2 * (value + self.level)
        )


def running_total_warning(
    value: Decimal, period: Period, series: Mapping[int, Decimal], indicator: Indicator
) -> RowWarning | None:
    """Warns about a value, given the figures of its length by first month; those of its year must all be there."""
    year = period.financial_year()
    if not indicator.accumulates or period.first == year.first or 12 % period.months:
        return None
    if (period.first - year.first) % period.months or indicator.break_between(year.first, period.last):
        return None
    starts = range(year.first, period.first, period.months)
    if any(start not in series for start in starts) or value < series[starts[-1]]:
        return None
    if _was_as_high(value, period, series):
        return None  # as nearly all are: the rest is not worked out for them
    of_year = [*(series[start] for start in starts), value]
    shape = _year_before(period, series, indicator)
    expected = _last_expected(of_year, shape)
    if not expected.is_running_total(value):
        return None
    return RowWarning("year_to_date", _words(value, period, expected, indicator))


def _last_expected(of_year: Sequence[Decimal], shape: Sequence[Decimal]) -> _Expected:
    """What is expected of the last of a year's figures; earlier ones that are running totals are taken apart."""
    so_far, level = Decimal(0), of_year[0]
    for place, value in enumerate(of_year[:-1], start=1):
        so_far += _alone(value, _Expected(so_far, level))
        before = sum(shape[:place], Decimal(0))
        level = so_far * shape[place] / before if before > 0 else so_far / place
    return _Expected(so_far, level)


def _alone(value: Decimal, expected: _Expected) -> Decimal:
    """The part of a value that is the period's own."""
    return value - expected.so_far if expected.is_running_total(value) else value


def _year_before(period: Period, series: Mapping[int, Decimal], indicator: Indicator) -> Sequence[Decimal]:
    """Figures of the year before, up to the same period; none unless all are there and comparable."""
    first, last = period.financial_year().first - 12, period.last
    if indicator.break_between(first, last) or indicator.is_exceptional(first, last):
        return ()
    starts = range(first, period.first - 11, period.months)
    return [series[start] for start in starts] if all(start in series for start in starts) else ()


def _was_as_high(value: Decimal, period: Period, series: Mapping[int, Decimal]) -> bool:
    """Whether a period of the years before was about as high."""
    year = period.financial_year().first
    starts = range(year - 12 * YEARS, year, period.months)
    return any(series.get(start, Decimal(0)) >= AS_HIGH * value for start in starts)


def _words(value: Decimal, period: Period, expected: _Expected, indicator: Indicator) -> str:
    number, so_far, level, total = (
        indicator.words(each) for each in (value, expected.so_far, expected.level, expected.total)
    )
    return (
        f"{number} is about what {period.financial_year().short_label} would have come to by then ({total}: {so_far}"
        f" before, and about {level} expected for {period.short_label}). Is it the year to date? Then send"
        f" {period.short_label} alone: {indicator.words(value - expected.so_far)}."
    )
