"""Figures owed for a quarter, and the days they are due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.period import APRIL, Period, twelve_months_to
from app.domain.plan.indicator import Frequency, Window
from app.domain.returns.owed_from import is_owed

GRACE = timedelta(days=30)
"""Time from the day the data can exist to the day it is due."""


@dataclass(frozen=True, slots=True)
class OwedFigure:
    """One figure owed. `received_at` is the time that it, or the reason there is none, was first sent.

    None while it is awaited; it may then be `promised_on` a day.
    """

    indicator: str
    period: Period
    lag_days: int
    received_at: datetime | None = None
    changed_at: datetime | None = None
    promised_on: date | None = None

    @property
    def available_on(self) -> date:
        """The first day its data can exist."""
        return self.period.end + timedelta(days=self.lag_days + 1)

    @property
    def due_on(self) -> date:
        return self.period.end + timedelta(days=self.lag_days) + GRACE

    def is_late(self, today: date) -> bool:
        """Whether it was received after its due day, or is missing and the day is past."""
        day = self.received_at.date() if self.received_at is not None else today
        return day > self.due_on


def owed_periods(
    frequency: Frequency, window: Window, quarter: Period, owed_from: date | None = None
) -> tuple[Period, ...]:
    """The measured periods of a quarter's return: those that end in it, and not before `owed_from`.

    A monthly indicator has three, a yearly one its financial year in the last quarter alone.
    """
    months = frequency.months
    ends = [last for last in range(quarter.first, quarter.last + 1) if (last - APRIL + 1) % months == 0]
    periods = (Period(last - months + 1, months) for last in ends)
    owed = (each for each in periods if is_owed(each, owed_from))
    return tuple(twelve_months_to(each) if window is Window.ROLLING_YEAR else each for each in owed)
