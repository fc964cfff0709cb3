"""The days that a figure may be promised for."""

from datetime import date

MOST_DAYS_AHEAD = 730
BAD_PROMISE = "bad_promise"
EXPECTED_PROMISE = "Expected a day from today on, within the next two years."


def is_too_far_ahead(promised_on: date, today: date) -> bool:
    """Whether a promise is for a day so far ahead that it would end the reminders for good."""
    return (promised_on - today).days > MOST_DAYS_AHEAD
