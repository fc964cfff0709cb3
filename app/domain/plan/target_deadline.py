"""The year that a target is to be reached by: "by March 2020" is the financial year 2019-20."""

import re

from app.domain.period import MONTHS
from app.domain.plan.target_vocabulary import YEAR

_MONTH = "|".join(rf"{month[:3]}(?:{month[3:]})?" for month in MONTHS)
_DAY = r"(?:[12]?[0-9]|3[01])(?:st|nd|rd|th)?"
_WHEN = (
    rf"(?:(?P<numeric>[0-9]{{1,2}}[/.][0-9]{{1,2}}[/.][0-9]{{4}})|"
    rf"(?:(?P<day>{_DAY}) (?:of )?)?(?P<month>{_MONTH})\.?,? (?P<in_year>[0-9]{{4}})|"
    rf"(?:the )?(?:financial year |year )?(?P<year>{YEAR.pattern}))"
)
_BY = r"(?:(?:by|in|for|during)(?: the)?(?: (?:end|close)(?: of)?(?: the)?)?|at(?: the)? end(?: of)?)"
_FINANCIAL, _CALENDAR, _CALENDAR_BEFORE = "{before}-{short}", "{year}", "{before}"
_YEAR_ENDS = {
    (0, "mar"): _FINANCIAL, (31, "mar"): _FINANCIAL, (1, "apr"): _FINANCIAL,
    (0, "dec"): _CALENDAR, (31, "dec"): _CALENDAR, (1, "jan"): _CALENDAR_BEFORE,
}  # fmt: skip
"""By day (0 where none is named) and month: how the year that has just ended then is written."""
_LAST = re.compile(rf"(?P<words>.+?),? {_BY} {_WHEN}", re.IGNORECASE)
_FIRST = re.compile(rf"{_BY} {_WHEN}(?:[,:]| -)? (?P<words>.+)", re.IGNORECASE)


def split_deadline(text: str) -> tuple[str, str] | None:
    """Splits "85 by March 2020" into "85" and "2019-20"; None where no year, or no end of one, is named."""
    match = _LAST.fullmatch(text) or _FIRST.fullmatch(text)
    if match is None:
        return None
    year = match["year"] or _year_to(match)
    return (match["words"], year) if year else None


def names_other_day(text: str) -> bool:
    """Whether it names a day or month at which no year ends: "by June 2019"."""
    match = _LAST.fullmatch(text) or _FIRST.fullmatch(text)
    return match is not None and not (match["year"] or _year_to(match))


def _year_to(match: re.Match[str]) -> str:
    """The year that ends with a day or month, as a plan writes it; empty where none does."""
    if match["numeric"]:
        day, month, year = (int(part) for part in re.split("[/.]", match["numeric"]))
        name = MONTHS[month - 1] if 1 <= month <= 12 else ""
    else:
        day = int(re.sub("[a-z]", "", (match["day"] or "0").lower()))
        name, year = match["month"], int(match["in_year"])
    written = _YEAR_ENDS.get((day, name[:3].lower()), "")
    return written.format(year=year, before=year - 1, short=f"{year % 100:02d}")
