"""The days that a figure may be promised for."""

from datetime import date

from app.domain.day import day_words
from app.domain.period import Period

MOST_DAYS_AHEAD = 730
BAD_PROMISE = "bad_promise"
EXPECTED_PROMISE = "Expected a day from today on, within the next two years."


def is_too_far_ahead(promised_on: date, today: date) -> bool:
    """Whether a promise is for a day so far ahead that it would end the reminders for good."""
    return (promised_on - today).days > MOST_DAYS_AHEAD


def why_not_promised(promised_on: date, period: Period, today: date) -> str | None:
    """Says why a figure of a period cannot be promised for a day; a day that has passed since stays as it was."""
    if is_too_far_ahead(promised_on, today):
        return EXPECTED_PROMISE
    if promised_on <= period.end:
        return f"{period.label} ends on {day_words(period.end)}: expected a later day."
    return None
