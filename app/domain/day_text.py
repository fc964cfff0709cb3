"""Parses days as people in the UK write them: "31/01/2018", "31 January 2018", "31-Jan-18"."""

import re
from datetime import date

from app.domain.errors import RuleBroken
from app.domain.period import MONTHS

EXPECTED = "Expected a date written YYYY-MM-DD"
_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_NUMBERS = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?"
_NAMED = re.compile(
    _WEEKDAY + r"([0-9]{1,2})(?:st|nd|rd|th)?(?: of)?[- ]?([a-z]{3,9})[-, ]{0,2}([0-9]{4}|[0-9]{2})"
)
_MONTH_FIRST = re.compile(_WEEKDAY + r"([a-z]{3,9}) ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")


def understand_day(text: str) -> date:
    """Parses a day that has one reading; RuleBroken `not_a_date` says what to write. Day before month, as in the UK."""
    plain_text = " ".join(text.casefold().split())
    if match := _ISO.fullmatch(plain_text):
        return _day(int(match[1]), int(match[3]), int(match[4]))
    if match := _NUMBERS.fullmatch(plain_text):
        return _from_numbers(int(match[1]), int(match[3]), match[4])
    if match := _NAMED.fullmatch(plain_text):
        return _day(_year(match[3]), _month(match[2]), int(match[1]))
    if match := _MONTH_FIRST.fullmatch(plain_text):
        return _day(int(match[3]), _month(match[1]), int(match[2]))
    raise _refused(f"{EXPECTED}, such as 2017-11-30.")


def _from_numbers(first: int, second: int, year: str) -> date:
    if len(year) == 2:
        raise _refused(f"Write the year with four digits: {_day(_year(year), second, first)}.")
    if second > 12 >= first:
        raise _refused(
            f"The day comes before the month. Did you mean {_day(int(year), first, second)}? Write it so."
        )
    return _day(int(year), second, first)


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _month(name: str) -> int:
    months = [number for number, month in enumerate(MONTHS, 1) if month.casefold().startswith(name)]
    if name == "sept":
        return 9
    if len(months) != 1:
        raise _refused(f"{EXPECTED}, such as 2017-11-30.")
    return months[0]


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise _refused(f"There is no such day in the calendar. {EXPECTED}, such as 2017-11-30.") from error


def _refused(message: str) -> RuleBroken:
    return RuleBroken("day", "not_a_date", message)
