"""The day from which a partnership asks for figures: those of periods that end before it are not owed."""

from datetime import date

from app.domain.errors import RuleBroken
from app.domain.period import Period

MOST_DAYS_AHEAD = 366


def is_owed(period: Period, owed_from: date | None) -> bool:
    """Whether the figure of a period is owed; without a day, every one is."""
    return owed_from is None or period.end >= owed_from


def check_owed_from(owed_from: date | None, today: date) -> None:
    """Raises RuleBroken for a day so far ahead that nothing would be owed by mistake."""
    if owed_from is not None and (owed_from - today).days > MOST_DAYS_AHEAD:
        raise RuleBroken(
            "owed_from",
            "too_far_ahead",
            f"Expected a day within the next year: until {owed_from} nothing would be owed.",
        )
