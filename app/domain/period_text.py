"""Parses periods strictly, and as people write them. The error suggests the likely period."""

import re
from functools import lru_cache

from app.domain import period as p
from app.domain.errors import RuleBroken
from app.domain.period import Period
from app.domain.period_spelling import LONGEST_TEXT, is_year_to_date
from app.domain.period_words import hints, readings

FORMS = "2017-18 (financial year), 2017-18-Q2, 2017-09 (month) or 2017-04/2017-11 (a run of months)"

SEVERAL_YEARS = 10
"""Longest run of years that YYYY-NN may be meant for: 2017-19 may, 2017-13 may not."""

_PAIR = re.compile(r"([0-9]{4})-([0-9]{2})")
_QUARTER = re.compile(r"([0-9]{4})-([0-9]{2})-Q([0-9])")
_RUN = re.compile(r"([0-9]{4})-([0-9]{2})/([0-9]{4})-([0-9]{2})")

_BARE_YEAR = re.compile(r"([0-9]{4})")
_CALENDAR_QUARTER = re.compile(r"([0-9]{4})[- ]?Q([0-9])|Q([0-9])[- ]?([0-9]{4})", re.IGNORECASE)


@lru_cache(maxsize=4096)
def parse_period(text: str) -> Period:
    """Parses 2017-18, 2017-18-Q2, 2017-09 or 2017-04/2017-11; RuleBroken `bad_period` suggests the likely period."""
    period = _read(text)
    if period.first < p.EARLIEST or period.last > p.LATEST:
        raise _bad("A period lies within the years 1900 to 2199.")
    return period


@lru_cache(maxsize=4096)
def understand_period(text: str) -> Period:
    """Parses a period as people write it, where it has one reading; RuleBroken `bad_period` says what to write.

    For files and forms, which say how it was understood. JSON and addresses are strict: `parse_period`.
    """
    try:
        return parse_period(text.strip())
    except RuleBroken:
        periods = readings(text)
        if len(periods) != 1:
            raise
        return periods[0]


def _read(text: str) -> Period:
    if match := _PAIR.fullmatch(text):
        return _year_or_month(int(match[1]), int(match[2]))
    if match := _QUARTER.fullmatch(text):
        return _quarter(int(match[1]), int(match[2]), int(match[3]))
    if match := _RUN.fullmatch(text):
        return _run(*(int(part) for part in match.groups()))
    raise _bad(_likely_meaning(text))


def _bad(why: str) -> RuleBroken:
    return RuleBroken("period", "bad_period", why)


def _year_or_month(year: int, number: int) -> Period:
    consecutive = number == (year + 1) % 100
    if consecutive and p.reads_two_ways(year, number):
        raise _bad(
            f"{year}-{number:02d} could be a financial year or a month: write "
            f"{year}-04/{year + 1}-03 for the year, or {year}-{number:02d}/{year}-{number:02d} for the month."
        )
    if consecutive:
        return p.financial_year(year)
    if 1 <= number <= 12:
        return p.month(year, number)
    if not 1 < (number - year) % 100 <= SEVERAL_YEARS:
        raise _bad(
            f"There is no month {number:02d}: months are 01 to 12. "
            f"For the financial year write {p.financial_year(year)}."
            if p.EARLIEST <= year * 12 <= p.LATEST - 24
            else f"Expected {FORMS}, in the years 1900 to 2199."
        )
    raise _bad(
        f"A financial year runs into the next one: did you mean {p.financial_year(year)}? "
        f"For several years write a run of months, such as {year}-04/{year + 2}-03."
        if p.EARLIEST <= year * 12 <= p.LATEST - 24
        else f"Expected {FORMS}, in the years 1900 to 2199."
    )


def _quarter(year: int, ending: int, n: int) -> Period:
    if ending != (year + 1) % 100:
        raise _bad(f"A financial year runs into the next one: write {_year_text(year)}-Q{min(max(n, 1), 4)}.")
    if not 1 <= n <= 4:
        raise _bad(
            f"A financial year has quarters Q1 to Q4: write {_year_text(year)}-Q1 for April to June {year}."
        )
    return p.quarter(year, n)


def _run(year: int, month: int, end_year: int, end_month: int) -> Period:
    first, last = p.month(year, month), p.month(end_year, end_month)
    if last < first:
        swapped = f"{p.month_text(last.first)}/{p.month_text(first.first)}"
        raise _bad(f"The run ends before it begins: did you mean {swapped}?")
    return Period(first.first, last.first - first.first + 1)


def _year_text(year: int) -> str:
    return f"{year:04d}-{(year + 1) % 100:02d}"


def _likely_meaning(text: str) -> str:
    """Suggests the likely period. Repeats only parsed digits, never the text itself: it may hold anything."""
    text = text.strip()[: LONGEST_TEXT + 1]
    if match := _BARE_YEAR.fullmatch(text):
        return _calendar_year(int(match[1]))
    if match := _CALENDAR_QUARTER.fullmatch(text):
        return _calendar_quarter(int(match[1] or match[4]), int(match[2] or match[3]))
    return _suggestion(text)


def _calendar_year(year: int) -> str:
    return (
        f"{year} alone is a calendar year. Did you mean the financial year {_year_text(year)} "
        f"(April {year} to March {year + 1})? If January to December is meant, write {year}-01/{year}-12."
    )


def _calendar_quarter(year: int, n: int) -> str:
    if not 1 <= n <= 4:
        return (
            f"There is no Q{n}: a financial year has Q1 to Q4. Write the financial year and the quarter, "
            f"such as {_year_text(year)}-Q1 (April to June {year})."
        )
    if not p.EARLIEST + 12 <= year * 12 <= p.LATEST - 24:
        return f"Expected {FORMS}, in the years 1900 to 2199."
    calendar, financial = Period(year * 12 + 3 * (n - 1), 3), p.quarter(year, n)
    return (
        f"{year} Q{n} names no financial year. Did you mean {calendar} ({_months(calendar)}), "
        f"or {financial} ({_months(financial)})?"
    )


def _months(quarter: Period) -> str:
    return quarter.label.partition("(")[2].rstrip(")")


def _suggestion(text: str) -> str:
    """Suggests the one period that the text can stand for, or what to write for each of several."""
    expected = f"Expected {FORMS}, in the years 1900 to 2199, with plain digits and no spaces."
    periods = readings(text) or hints(text)
    if len(periods) > 1:
        return f"It could be {_choice(periods)}. {expected}"
    if is_year_to_date(text):
        months = str(periods[0]) if periods else "2017-04/2017-09 for April to September 2017"
        return f"A year to date is written as its months: {months}. {expected}"
    return f"Did you mean {periods[0]}? {expected}" if periods else expected


def _choice(periods: tuple[Period, ...]) -> str:
    """ "April 2005 (write 2005-04) or May 2004 (write 2004-05/2004-05)"."""
    return " or ".join(f"{each.short_label} (write {each})" for each in periods)
