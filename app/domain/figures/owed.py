"""The newest figure that should exist by a day, whether or not anybody has sent it."""

from datetime import date, timedelta

from app.domain.period import Period, containing, twelve_months_to
from app.domain.plan.indicator import Frequency, Window

EARLIEST = date(1900, 1, 1)
"""Earlier days are treated as this one: no period is older."""


def newest_due(frequency: Frequency, window: Window, lag_days: int, today: date) -> Period:
    """The newest period whose figure can exist on `today`: its end, and the publication lag, have passed."""
    published_to = max(today, EARLIEST + timedelta(days=lag_days)) - timedelta(days=lag_days)
    newest = containing(published_to, frequency.months)
    if not newest.has_ended(published_to):
        newest = newest.previous()
    return twelve_months_to(newest) if window is Window.ROLLING_YEAR else newest
