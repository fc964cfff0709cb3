"""Lists the periods that a text can stand for, as people write them: "Sep-17", "Q2 17/18", "Oct 16 to Sep 17".

Our own labels are among them. `readings` are certain enough to be used where there is one alone; `hints` are only
suggested: a day in place of a month, a year to date.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

from app.domain import period as p
from app.domain.errors import RuleBroken
from app.domain.period import APRIL, Period
from app.domain.period_spelling import LONGEST_TEXT, respelled

CENTURY_TURNS = 70
"""Two-digit years below it are of the 2000s, the others of the 1900s."""

_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ABBREVIATED = tuple(name[:3].casefold() for name in p.MONTHS)
_YEAR = r"'?([0-9]{4}|[0-9]{2})"
_YEARS = r"(?:fy ?|financial year )?'?([0-9]{4}|[0-9]{2}) ?[/-] ?'?([0-9]{4}|[0-9]{2})"
_QUARTER = r"(?:(?:q|qtr|quarter) ?([1-4])|([1-4])(?:st|nd|rd|th) (?:qtr|quarter))"
_GAP = r"(?: of |[ ,:-]{0,3})"
_TO = r" ?(?:to|until|till|/|-) ?"
_DAY = (
    r"(?:([0-9]{1,2})(?:st|nd|rd|th)? ?[/. -] ?([0-9]{1,2}|"
    + _MONTH[1:-4]
    + r") ?[/. -] ?([0-9]{4}|[0-9]{2})"
    r"|([0-9]{4})[/-]([0-9]{2})[/-]([0-9]{2}))"
)
_BARE_MONTHS = re.compile(_MONTH + _TO + _MONTH)
_LENGTHS = {"three": 3, "six": 6, "nine": 9, "twelve": 12}

Groups = tuple[str, ...]
Form = tuple[re.Pattern[str], Callable[[Groups], Iterable[Period]]]


@lru_cache(maxsize=4096)
def readings(text: str) -> tuple[Period, ...]:
    """The periods that `text` can stand for, each once; none where it is no period."""
    plain_text = respelled(text)
    head, bracket, rest = plain_text.partition(" (")
    if bracket and rest.endswith(")"):
        periods = _matches(_READINGS, head)
        if match := _BARE_MONTHS.fullmatch(rest[:-1]):
            return tuple(period for period in periods if _has_ends(period, match[1], match[2]))
        inside = _matches(_READINGS, rest[:-1])
        return tuple(period for period in periods if period in inside)
    return _matches(_READINGS, plain_text)


@lru_cache(maxsize=4096)
def hints(text: str) -> tuple[Period, ...]:
    """The periods that were probably meant by a text that names none."""
    return _matches(_HINTS, respelled(text))


def _matches(forms: Iterable[Form], text: str) -> tuple[Period, ...]:
    if len(text) > LONGEST_TEXT or not text.isascii():
        return ()
    return tuple(dict.fromkeys(_periods(forms, text)))


def _periods(forms: Iterable[Form], text: str) -> Iterator[Period]:
    for pattern, build in forms:
        if match := pattern.fullmatch(text):
            try:
                periods = list(build(tuple(group or "" for group in match.groups())))
            except (RuleBroken, ValueError):
                # A month 13, a run that ends before it begins, or the 31st of February.
                continue
            yield from (each for each in periods if each.first >= p.EARLIEST and each.last <= p.LATEST)


def _form(pattern: str, build: Callable[[Groups], Iterable[Period]]) -> Form:
    return re.compile(pattern), build


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < CENTURY_TURNS else 1900)


def _month(name: str) -> int:
    """Number of a month, from its name or its own number."""
    return int(name) if name.isdigit() else _ABBREVIATED.index(name[:3]) + 1


def _has_ends(period: Period, first: str, last: str) -> bool:
    """Whether a period begins and ends with the months named: "Q2 2017/18 (Jul-Sep)"."""
    return (period.first % 12, period.last % 12) == (_month(first) - 1, _month(last) - 1)


def _run(first: Period, last: Period) -> Period:
    return Period(first.first, last.last - first.first + 1)


def _financial_year(first: str, last: str) -> list[Period]:
    year = _year(first)
    is_consecutive = (year + 1) % 100 == int(last[-2:]) and (len(last) == 2 or int(last) == year + 1)
    return [p.financial_year(year)] if is_consecutive else []


def _two_numbers(first: str, last: str) -> list[Period]:
    """Of 04/05: the financial year 2004/05, April 2005, May 2004."""
    periods = _financial_year(first, last)
    ambiguous = [(_year(last), int(first)), (_year(first), int(last))]
    return periods + [p.month(year, number) for year, number in ambiguous if periods and 1 <= number <= 12]


def _years(first: Groups, last: Groups) -> list[Period]:
    """A run of financial years."""
    return [
        _run(begin, end)
        for begin in _financial_year(first[0], first[1])
        for end in _financial_year(last[0], last[1])
    ]


def _six_digits(first: str, last: str) -> list[Period]:
    months = [p.month(int(first), int(last))] if 1 <= int(last) <= 12 else []
    return months + _financial_year(first, last)


def _one_digit(first: str, last: str) -> list[Period]:
    """Of 2017-8: August 2017, and the financial year 2017/18."""
    year = int(first)
    years = [p.financial_year(year)] if (year + 1) % 10 == int(last) else []
    return [*years, p.month(year, int(last))]


def _spaced_pair(first: str, last: str) -> list[Period]:
    """Of 2009 - 10, with a dash: October 2009 as well as the financial year."""
    years = _financial_year(first, last)
    is_month = len(last) == 2 and 1 <= int(last) <= 12
    return [*years, p.month(int(first), int(last))] if is_month else years


def _quarters(numbers: tuple[str, str], years: tuple[str, str]) -> list[Period]:
    first, last = (p.quarter(_year(years[0]), int(number)) for number in numbers)
    return [_run(first, last)] if _financial_year(*years) else []


def _half(number: str, first: str, last: str) -> list[Period]:
    return _quarters(("1", "2") if number == "1" else ("3", "4"), (first, last))


def _months(first: str, last: str, year: str) -> list[Period]:
    """A run whose first month has no year. Across a new year, the one written may be either's."""
    end = p.month(_year(year), _month(last))
    begin = p.month(_year(year), _month(first))
    if begin <= end:
        return [_run(begin, end)]
    return [_run(begin.a_year_before(), end), _run(begin, Period(end.first + 12, 1))]


def _months_of_year(first: str, last: str, years: tuple[str, str]) -> list[Period]:
    """Months of a financial year: "Jan-Mar 2017/18" is of 2018."""
    begin, end = (
        Period(year.first + (_month(name) - 1 - APRIL) % 12, 1)
        for year in _financial_year(*years)
        for name in (first, last)
    )
    return [_run(begin, end)]


def _month_number(number: int, years: list[Period]) -> list[Period]:
    return [Period(year.first + number - 1, 1) for year in years if 1 <= number <= 12]


def _months_to(length: str, name: str, year: str) -> list[Period]:
    end = p.month(_year(year), _month(name))
    months = _LENGTHS.get(length) or int(length)
    return [Period(end.last - months + 1, months)]


def _days(groups: Groups) -> list[Period]:
    """From the first day of a month to the last of one."""
    first, last = _day(groups[:6]), _day(groups[6:])
    is_whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    return [_run(p.month(first.year, first.month), p.month(last.year, last.month))] if is_whole else []


def _day(groups: Groups) -> date:
    day, month, year, iso_year, iso_month, iso_day = groups
    if iso_year:
        return date(int(iso_year), int(iso_month), int(iso_day))
    return date(_year(year), _month(month), int(day))


def _month_of_day(groups: Groups) -> list[Period]:
    day = _day(groups)
    return [p.month(day.year, day.month)]


_ENDING = r" (?:ended|ending|to end of|to end|to) (?:[0-9]{1,2}(?:st|nd|rd|th)? )?"
_READINGS: tuple[Form, ...] = (
    _form(_MONTH + r"[ /.,-]{0,3}" + _YEAR, lambda g: [p.month(_year(g[1]), _month(g[0]))]),
    _form(r"([0-9]{4})[ /-]?" + _MONTH, lambda g: [p.month(_year(g[0]), _month(g[1]))]),
    _form(r"([0-9]{1,2})[/.-]([0-9]{4})", lambda g: [p.month(int(g[1]), int(g[0]))]),
    _form(r"([0-9]{4})([0-9]{2})", lambda g: _six_digits(g[0], g[1])),
    _form(r"([0-9]{4})[/-]([0-9])", lambda g: _one_digit(g[0], g[1])),
    _form(r"([0-9]{2})[/-]([0-9]{2})", lambda g: _two_numbers(g[0], g[1])),
    _form(r"([0-9]{4}) ?/ ?([0-9]{4}|[0-9]{2})", lambda g: _financial_year(g[0], g[1])),
    _form(r"([0-9]{4}) ?- ?([0-9]{4}|[0-9]{2})", lambda g: _spaced_pair(g[0], g[1])),
    _form(r"(?:fy|f/y|financial year) ?" + _YEARS, lambda g: _financial_year(g[0], g[1])),
    _form(
        r"(?:fye|financial year (?:ended|ending)) ?(?:(?:31 )?mar(?:ch)? )?" + _YEAR,
        lambda g: [p.financial_year(_year(g[0]) - 1)],
    ),
    _form(_YEARS + r" (?:fy|f/y|financial year)", lambda g: _financial_year(g[0], g[1])),
    _form(
        r"(?:fy|financial year) ?" + _YEAR,
        lambda g: [p.financial_year(_year(g[0]) - back) for back in (0, 1)],
    ),
    _form(r"(?:cy|calendar year) ?([0-9]{4})", lambda g: [Period(int(g[0]) * 12, 12)]),
    _form(_QUARTER + _GAP + _YEARS, lambda g: _quarters((g[0] or g[1],) * 2, (g[2], g[3]))),
    _form(_YEARS + _GAP + _QUARTER, lambda g: _quarters((g[2] or g[3],) * 2, (g[0], g[1]))),
    _form(r"q([1-4])" + _TO + r"q?([1-4])" + _GAP + _YEARS, lambda g: _quarters((g[0], g[1]), (g[2], g[3]))),
    _form(_YEARS + _GAP + r"q([1-4])" + _TO + r"q?([1-4])", lambda g: _quarters((g[2], g[3]), (g[0], g[1]))),
    _form(r"h([12])" + _GAP + _YEARS, lambda g: _half(g[0], g[1], g[2])),
    _form(_YEARS + _GAP + r"h([12])", lambda g: _half(g[2], g[0], g[1])),
    _form(_MONTH + _TO + _MONTH + r"[ ,-]{0,2}" + _YEAR, lambda g: _months(g[0], g[1], g[2])),
    _form(_MONTH + r"[ -]" + _YEARS, lambda g: _months_of_year(g[0], g[0], (g[1], g[2]))),
    _form(_MONTH + _TO + _MONTH + r"[ ,]{1,2}" + _YEARS, lambda g: _months_of_year(g[0], g[1], (g[2], g[3]))),
    _form(
        _MONTH + r"[ -]?" + _YEAR + _TO + _MONTH + r"[ -]?" + _YEAR,
        lambda g: [_run(p.month(_year(g[1]), _month(g[0])), p.month(_year(g[3]), _month(g[2])))],
    ),
    _form(
        r"([0-9]{4})-([0-9]{2})" + _TO + r"([0-9]{4})-([0-9]{2})",
        lambda g: [_run(p.month(int(g[0]), int(g[1])), p.month(int(g[2]), int(g[3])))],
    ),
    _form(
        r"(?:rolling )?([0-9]{1,3}|three|six|nine|twelve)[ -]?(?:months?|mths?|m)"
        + _ENDING
        + _MONTH
        + r"[ -]?"
        + _YEAR,
        lambda g: _months_to(g[0], g[1], g[2]),
    ),
    _form(
        r"(?:the )?(?:(?:year|yr) (?:ended|ending)|ye|y/e|rolling year to) (?:[0-9]{1,2}(?:st|nd|rd|th)? )?"
        + _MONTH
        + r"[ -]?"
        + _YEAR,
        lambda g: _months_to("12", g[0], g[1]),
    ),
    _form(
        r"(?:the )?(?:quarter|qtr)" + _ENDING + _MONTH + r"[ -]?" + _YEAR,
        lambda g: _months_to("3", g[0], g[1]),
    ),
    _form(_YEARS + r"(?: (?:to|-) |-(?=[0-9]{4}[/-]))" + _YEARS, lambda g: _years(g[:2], g[2:])),
    _form(_DAY + _TO + _DAY, _days),
)
_HINTS: tuple[Form, ...] = (
    _form(_DAY, _month_of_day),
    _form(r"([0-9]{4})([0-9]{2})([0-9]{2})", lambda g: _month_of_day(("", "", "", *g))),
    _form(
        r"([0-9]{4})-([0-9]{2})/([0-9]{2})", lambda g: [_run(*(p.month(int(g[0]), int(n)) for n in g[1:]))]
    ),
    _form(r"([0-9]{4})[ _]([0-9]{2})", lambda g: _six_digits(g[0], g[1])),
    _form(
        r"(?:m|p|month|period) ?([0-9]{1,2})" + _GAP + _YEARS,
        lambda g: _month_number(int(g[0]), _financial_year(g[1], g[2])),
    ),
    _form(r"([0-9]{4})(?:\.|-?m)([0-9]{2})", lambda g: [p.month(int(g[0]), int(g[1]))]),
    _form(r"([0-9]{2})[ -]" + _MONTH, lambda g: [p.month(_year(g[0]), _month(g[1]))]),
    _form(
        _QUARTER + r" ?(?:fy ?)" + _YEAR,
        lambda g: [p.quarter(_year(g[2]) - back, int(g[0] or g[1])) for back in (0, 1)],
    ),
    _form(r"([0-9]{4})/([0-9]{2})", lambda g: [p.month(int(g[0]), int(g[1]))]),
    _form(r"([0-9]{2})[/-]([0-9]{2})", lambda g: [p.month(_year(g[1]), int(g[0]))]),
    _form(r"([0-9]{2})[/-]([0-9]{2})", lambda g: [p.month(_year(g[0]), int(g[1]))]),
    _form(
        r".*?\b(?:ytd|year[ -]to[ -]date)\b(?: to)?[ ,:-]{0,3}" + _MONTH + r"[ -]?" + _YEAR,
        lambda g: [p.year_to_date(p.month(_year(g[1]), _month(g[0])))],
    ),
    _form(
        _MONTH + r"[ -]?" + _YEAR + r"[ ,-]{0,3}\(?(?:ytd|year[ -]to[ -]date)\)?",
        lambda g: [p.year_to_date(p.month(_year(g[1]), _month(g[0])))],
    ),
    _form(
        _QUARTER + _GAP + _YEARS + r"[ ,-]{0,3}\(?(?:ytd|year[ -]to[ -]date)\)?",
        lambda g: _quarters(("1", g[0] or g[1]), (g[2], g[3])),
    ),
    _form(
        r"(?:the )?(?:year|yr) to (?:end )?(?:of )?" + _MONTH + r"[ -]?" + _YEAR,
        lambda g: [
            *_months_to("12", g[0], g[1]),
            p.year_to_date(p.month(_year(g[1]), _month(g[0]))),
        ],
    ),
)
