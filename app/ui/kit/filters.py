"""Template filters: days, instants, numbers and names as text for people."""

import re
from collections.abc import Mapping
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
    """Last day before an instant, part days included: "until midnight at the start of the 22nd" is the 21st."""
    return day((_instant(text) - timedelta(microseconds=1)).isoformat()) if text else ""


def moment(text: str | None) -> str:
    """ "30 November 2017 at 9:05am", UK time."""
    if not text:
        return ""
    when = _instant(text)
    return f"{day(text)} at {when.hour % 12 or 12}:{when:%M}{'am' if when.hour < 12 else 'pm'}"


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(LONDON)


def days_away(text: str, today: str) -> str:
    """ "23 days away", "today" or "3 days ago": how far a date is from another."""
    count = (date.fromisoformat(text) - date.fromisoformat(today)).days
    if count == 0:
        return "today"
    return f"{times(abs(count), 'day')} {'away' if count > 0 else 'ago'}"


def plain(content: Any) -> str:
    """A number or text for a form field; "" for None."""
    if content is None:
        return ""
    if isinstance(content, float) and content.is_integer():
        return str(int(content))
    return str(content)


def figure(level: float, decimals: int, unit: str) -> str:
    """ "4,060", "41.4%": for a level that the API gives as a number alone; 0.05 is not rounded to nothing."""
    rounded = f"{level:,.{decimals}f}"
    is_hidden = level > 0 and not rounded.strip("0.")
    return in_unit(f"{level:.6f}".rstrip("0") if is_hidden else rounded, unit)


def pounds(amount: float) -> str:
    """ "£5,186.75", "−£150.00": an amount in pounds."""
    return f"{'−' if amount < 0 else ''}£{abs(amount):,.2f}"


def times(count: int, one: str, many: str | None = None) -> str:
    """ "1 figure", "2 figures"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def author_name(author: Mapping[str, Any] | None) -> str:
    """A person's name, or what else recorded something: "Ann", "key sp_3fk2", "command line"."""
    if author is None:
        return ""
    return f"key {author['name']}" if author["kind"] == "key" else str(author["name"])


def who(text: str | None) -> str:
    """Name of a person, without their number: "person 12 (Ann)" -> "Ann"."""
    match = PERSON.fullmatch(text or "")
    return match[1] if match else text or ""


def sentence(text: str | None) -> str:
    """Text with its first letter as a capital."""
    return text[:1].upper() + text[1:] if text else ""
