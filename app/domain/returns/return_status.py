"""An agency's return for a quarter and its status, computed from figures and events."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from app.domain.period import APRIL, Period, twelve_months_to
from app.domain.plan.indicator import Frequency, Window

GRACE = timedelta(days=30)
"""Time from the day the data can exist to the day it is due."""


class EventKind(StrEnum):
    """Kind of an event that people record about a return."""

    SIGNED_OFF = "signed_off"
    NIL = "nil"
    LATE = "late"
    QUERY = "query"
    ANSWER = "answer"
    CHECKED = "checked"


class ReturnState(StrEnum):
    NOT_DUE = "not_due"
    DUE = "due"
    OVERDUE = "overdue"
    LATE_REASON_GIVEN = "late_reason_given"
    SUBMITTED = "submitted"
    QUERIED = "queried"
    CHECKED = "checked"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def tone(self) -> Literal["good", "near", "bad", "none"]:
        """Colour to show, never without the label."""
        return _TONES.get(self, "none")

    @property
    def waits_for(self) -> Literal["agency", "partnership"] | None:
        """Party that does the next step, if one is due by now."""
        return _WAITS_FOR.get(self)

    @property
    def needs_attention(self) -> bool:
        """Whether it is overdue or queried, with no answer."""
        return self in (ReturnState.OVERDUE, ReturnState.QUERIED)


_LABELS = {
    ReturnState.NOT_DUE: "Not due yet",
    ReturnState.DUE: "Due",
    ReturnState.OVERDUE: "Overdue",
    ReturnState.LATE_REASON_GIVEN: "Late, reason given",
    ReturnState.SUBMITTED: "To check",
    ReturnState.QUERIED: "Queried",
    ReturnState.CHECKED: "Checked",
}
_TONES: dict[ReturnState, Literal["good", "near", "bad", "none"]] = {
    ReturnState.OVERDUE: "bad",
    ReturnState.QUERIED: "near",
    ReturnState.CHECKED: "good",
}
_WAITS_FOR: dict[ReturnState, Literal["agency", "partnership"]] = {
    ReturnState.DUE: "agency",
    ReturnState.OVERDUE: "agency",
    ReturnState.LATE_REASON_GIVEN: "agency",
    ReturnState.QUERIED: "agency",
    ReturnState.SUBMITTED: "partnership",
}
URGENCY = (
    ReturnState.OVERDUE,
    ReturnState.QUERIED,
    ReturnState.SUBMITTED,
    ReturnState.LATE_REASON_GIVEN,
    ReturnState.DUE,
    ReturnState.CHECKED,
    ReturnState.NOT_DUE,
)
"""States in order of urgency: those that need an action come first."""


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


@dataclass(frozen=True, slots=True)
class Event:
    kind: EventKind
    at: datetime
    promised_on: date | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    expected: int
    received: int
    on_time: int
    late: int
    """Received after the day they were due, or past it and not there."""


@dataclass(frozen=True, slots=True)
class ReturnStatus:
    """Status of a return. `due_on` is the day the next missing figure is due; with none missing, the last due day."""

    state: ReturnState
    due_on: date
    counts: Counts
    promised_on: date | None
    """A promise that still holds: reminders stop for it, and begin again when its day is past."""


def owed_periods(frequency: Frequency, window: Window, quarter: Period) -> tuple[Period, ...]:
    """The measured periods of a quarter's return: those that end in it.

    A monthly indicator has three, a yearly one its financial year in the last quarter alone.
    """
    months = frequency.months
    ends = [last for last in range(quarter.first, quarter.last + 1) if (last - APRIL + 1) % months == 0]
    periods = (Period(last - months + 1, months) for last in ends)
    return tuple(twelve_months_to(each) if window is Window.ROLLING_YEAR else each for each in periods)


def return_status(figures: Sequence[OwedFigure], events: Iterable[Event], today: date) -> ReturnStatus:
    """Status of a return with at least one figure. `events` are in order."""
    missing = [figure for figure in figures if figure.received_at is None]
    latest = {event.kind: event for event in events}
    due = min(figure.due_on for figure in missing) if missing else max(figure.due_on for figure in figures)
    state, promised = _state(figures, missing, latest, today), _promised(missing, latest, today)
    return ReturnStatus(state, due, _counts(figures, today), promised)


def _promised(missing: Sequence[OwedFigure], latest: dict[EventKind, Event], today: date) -> date | None:
    """The day promised for the whole return, or for everything overdue; None once it is past."""
    late = latest.get(EventKind.LATE)
    if missing and late is not None and late.promised_on is not None and today <= late.promised_on:
        return late.promised_on
    promised = [figure.promised_on for figure in missing if today > figure.due_on]
    days = [day for day in promised if day is not None and today <= day]
    return max(days) if days and len(days) == len(promised) else None


def _counts(figures: Sequence[OwedFigure], today: date) -> Counts:
    received = [figure for figure in figures if figure.received_at is not None]
    late = sum(figure.is_late(today) for figure in figures)
    on_time = sum(not figure.is_late(today) for figure in received)
    return Counts(len(figures), len(received), on_time, late)


def _state(
    figures: Sequence[OwedFigure], missing: Sequence[OwedFigure], latest: dict[EventKind, Event], today: date
) -> ReturnState:
    if _is_queried(figures, latest):
        return ReturnState.QUERIED
    if not missing:
        return ReturnState.CHECKED if _is_checked(figures, latest) else ReturnState.SUBMITTED
    if _promised(missing, latest, today) is not None:
        return ReturnState.LATE_REASON_GIVEN
    if any(today > figure.due_on for figure in missing):
        return ReturnState.OVERDUE
    if any(today >= figure.available_on for figure in missing):
        return ReturnState.DUE
    return ReturnState.NOT_DUE


def _is_queried(figures: Sequence[OwedFigure], latest: dict[EventKind, Event]) -> bool:
    """Whether a query is open: until the agency answers, sends something anew, or staff check the return after all."""
    query = latest.get(EventKind.QUERY)
    if query is None:
        return False
    since = [latest[kind].at for kind in (EventKind.ANSWER, EventKind.CHECKED) if kind in latest]
    return not any(at > query.at for at in [*since, *_changes(figures)])


def _is_checked(figures: Sequence[OwedFigure], latest: dict[EventKind, Event]) -> bool:
    """Whether it is checked, with no figure changed and no query since."""
    check = latest.get(EventKind.CHECKED)
    if check is None:
        return False
    query = latest.get(EventKind.QUERY)
    return not any(at > check.at for at in [*([query.at] if query else []), *_changes(figures)])


def _changes(figures: Sequence[OwedFigure]) -> list[datetime]:
    return [figure.changed_at for figure in figures if figure.changed_at is not None]
