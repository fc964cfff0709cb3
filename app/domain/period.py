"""Measured periods: runs of whole months, with UK financial years (April to March) and their quarters."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.domain.errors import RuleBroken

EARLIEST = 1900 * 12
LATEST = 2199 * 12 + 11
LONGEST = 120
HEADROOM = 240
APRIL = 3

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A run of whole months. `first` is year * 12 + month - 1; `months` is the length, 1 to 120.

    Ordered by start, then length. Two ways of writing the same months are one Period, with one canonical text.
    Parsed periods lie within the years 1900 to 2199; steps may leave them by twenty years, so that a year before
    the first can be named. Going further, or beyond the longest run, raises RuleBroken.
    """

    first: int
    months: int

    def __post_init__(self) -> None:
        if not 1 <= self.months <= LONGEST:
            raise RuleBroken("period", "bad_period", f"A period is 1 to {LONGEST} months long, start to end.")
        if self.first < EARLIEST - HEADROOM or self.first + self.months - 1 > LATEST + HEADROOM:
            raise RuleBroken("period", "bad_period", "A period lies within the years 1900 to 2199.")

    def __str__(self) -> str:
        return _canonical(self.first, self.months)

    @property
    def last(self) -> int:
        """Month index of the last month, counted as `first` is."""
        return self.first + self.months - 1

    @property
    def start(self) -> date:
        return date(self.first // 12, self.first % 12 + 1, 1)

    @property
    def end(self) -> date:
        """The last day, inclusive."""
        after = self.last + 1
        return date.fromordinal(date(after // 12, after % 12 + 1, 1).toordinal() - 1)

    @property
    def label(self) -> str:
        """Name for people: "Q2 2017/18 (July to September 2017)", "12 months to September 2017"."""
        return _label(self.first, self.months)

    @property
    def short_label(self) -> str:
        """Label without the months in brackets: "Q2 2017/18"."""
        return run_label(self.first, self.months)

    @property
    def axis_label(self) -> tuple[str, str]:
        """Axis name and the year below it, of its last month: ("Q2", "2017/18"), ("Sep", "2017"), ("2017/18", "")."""
        if self.is_financial_year:
            return self.short_label, ""
        if self.is_quarter:
            name, year = self.short_label.split(" ")
            return name, year
        return MONTHS[self.last % 12][:3], str(self.last // 12)

    @property
    def is_financial_year(self) -> bool:
        return self.months == 12 and self.first % 12 == APRIL

    @property
    def is_quarter(self) -> bool:
        return self.months == 3 and self.first % 3 == 0

    def next(self, n: int = 1) -> "Period":
        """The period of the same length n steps later; negative n goes back."""
        return Period(self.first + n * self.months, self.months)

    def previous(self, n: int = 1) -> "Period":
        return self.next(-n)

    def a_year_before(self) -> "Period":
        """The same months twelve months earlier, whatever the length."""
        return Period(self.first - 12, self.months)

    def contains(self, other: "Period") -> bool:
        return self.first <= other.first and other.last <= self.last

    def overlaps(self, other: "Period") -> bool:
        return self.first <= other.last and other.first <= self.last

    def split(self) -> tuple["Period", ...]:
        """Its months in order."""
        return tuple(Period(m, 1) for m in range(self.first, self.last + 1))

    def quarters(self) -> tuple["Period", ...]:
        """Its financial quarters in order; empty when it is not made of whole quarters."""
        if self.first % 3 or self.months % 3:
            return ()
        return tuple(Period(m, 3) for m in range(self.first, self.last + 1, 3))

    def financial_year(self) -> "Period":
        """The financial year that holds its last month."""
        return Period((self.last - APRIL) // 12 * 12 + APRIL, 12)

    def has_ended(self, on: date) -> bool:
        """Whether every day of it lies before `on`; on its last day it has not ended."""
        return on.year * 12 + on.month - 1 > self.last


def financial_year(start_year: int) -> Period:
    return Period(start_year * 12 + APRIL, 12)


def year_named(text: str) -> Period:
    """Parses the text of a field that holds financial years only: 2011-12 is never a December."""
    return financial_year(int(text[:4]))


def year_text(year: Period) -> str:
    """Formats a financial year for `year_named`: 2011-12, where `str` has to write 2011-04/2012-03."""
    first = year.first // 12
    return f"{first:04d}-{(first + 1) % 100:02d}"


def quarter(start_year: int, n: int) -> Period:
    """Quarter n (1 to 4) of the financial year beginning in April of `start_year`: Q4 is January to March."""
    if n not in (1, 2, 3, 4):
        raise RuleBroken("period", "bad_period", "A financial year has quarters 1 to 4.")
    return Period(start_year * 12 + APRIL + 3 * (n - 1), 3)


def month(year: int, month: int) -> Period:
    if not 1 <= month <= 12:
        raise RuleBroken("period", "bad_period", "Months are numbered 1 to 12.")
    return Period(year * 12 + month - 1, 1)


def containing(day: date, months: int) -> Period:
    """The month (1), financial quarter (3) or financial year (12) that `day` falls in."""
    at = day.year * 12 + day.month - 1
    if months == 1:
        return Period(at, 1)
    if months == 3:
        return Period(at - at % 3, 3)
    if months == 12:
        return Period(at, 1).financial_year()
    raise RuleBroken("period", "bad_period", "Reporting periods are 1, 3 or 12 months long.")


def year_to_date(period: Period) -> Period:
    """Period from April of the financial year of the period's last month, to that month."""
    start = period.financial_year().first
    return Period(start, period.last - start + 1)


def twelve_months_to(period: Period) -> Period:
    """The twelve months that end with the period's last month."""
    return Period(period.last - 11, 12)


def reads_two_ways(year: int, number: int) -> bool:
    """Whether YYYY-NN could be a financial year or a month: 2009-10 is both 2009/10 and October 2009."""
    return 1 <= number <= 12 and number == year % 100 + 1


def month_text(index: int) -> str:
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def month_name(index: int) -> str:
    """ "September 2017" for a month index."""
    return f"{MONTHS[index % 12]} {index // 12}"


@lru_cache(maxsize=4096)
def _canonical(first: int, months: int) -> str:
    year = first // 12
    if months == 12 and first % 12 == APRIL and not reads_two_ways(year, (year + 1) % 100):
        return f"{year:04d}-{(year + 1) % 100:02d}"
    if months == 3 and first % 3 == 0:
        start = (first - APRIL) // 12
        return f"{start:04d}-{(start + 1) % 100:02d}-Q{(first - APRIL) % 12 // 3 + 1}"
    if months == 1 and not reads_two_ways(year, first % 12 + 1):
        return month_text(first)
    return f"{month_text(first)}/{month_text(first + months - 1)}"


@lru_cache(maxsize=4096)
def run_label(first: int, months: int) -> str:
    """Short label of the period that starts at a month index, without a Period object."""
    if months == 12 and first % 12 == APRIL:
        return _year_label(first)
    if months == 3 and first % 3 == 0:
        return f"Q{(first - APRIL) % 12 // 3 + 1} {_year_label(first)}"
    if months == 12:
        return f"12 months to {month_name(first + 11)}"
    return _months_label(first, months)


@lru_cache(maxsize=4096)
def _label(first: int, months: int) -> str:
    short = run_label(first, months)
    if (months == 12 and first % 12 == APRIL) or (months == 3 and first % 3 == 0):
        return f"{short} ({_months_label(first, months)})"
    return short


def _year_label(first: int) -> str:
    year = (first - APRIL) // 12
    return f"{year}/{(year + 1) % 100:02d}"


def _months_label(first: int, months: int) -> str:
    last = first + months - 1
    if months == 1:
        return month_name(first)
    if first // 12 == last // 12:
        return f"{MONTHS[first % 12]} to {month_name(last)}"
    return f"{month_name(first)} to {month_name(last)}"
