"""Days, instants, numbers and names as people read them."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.drawing.axis import in_unit

LONDON = ZoneInfo("Europe/London")
PERSON = re.compile(r"person \d+ \((.+)\)", re.DOTALL)


def day(text: str | None) -> str:
    """ "30 November 2017", from a date or an instant; an instant's day is the UK's."""
    if not text:
        return ""
    when = _instant(text).date() if "T" in text else date.fromisoformat(text)
    return f"{when.day} {when:%B %Y}"


def last_day(text: str | None) -> str:
    """The last whole or part day before an instant: "until midnight at the start of the 22nd" is the 21st."""
    return day((_instant(text) - timedelta(microseconds=1)).isoformat()) if text else ""


def moment(text: str | None) -> str:
    """ "30 November 2017 at 9:05am", UK time."""
    if not text:
        return ""
    when = _instant(text)
    return f"{day(text)} at {when.hour % 12 or 12}:{when:%M}{'am' if when.hour < 12 else 'pm'}"


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(LONDON)


def plain(value: Any) -> str:
    """A number or a text as a form field holds it; nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def figure(value: float, decimals: int, unit: str) -> str:
    """ "4,060", "41.4%": a level for which the API gives a number alone."""
    return in_unit(f"{value:,.{decimals}f}", unit)


def times(count: int, one: str, many: str | None = None) -> str:
    """ "1 figure", "2 figures"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def who(text: str | None) -> str:
    """A person by name, where the API also gives the number that tells two of a name apart."""
    named = PERSON.fullmatch(text or "")
    return named[1] if named else text or ""


def sentence(text: str | None) -> str:
    """With a capital, for words that stand alone."""
    return text[:1].upper() + text[1:] if text else ""
