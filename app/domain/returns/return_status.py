"""Status of an agency's return for a quarter, computed from its figures and events.

It has two axes: timing (is anything late?) and queries (what is asked of it?). `ReturnState` sums both up in one word,
as the API has told it from the beginning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Literal

from app.domain.returns.owed_figure import OwedFigure
from app.domain.returns.return_event import Event, EventKind
from app.domain.returns.return_query import QueryStatus, query_statuses


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


class Timing(Enum):
    """Whether figures of a return are late. A query does not change it."""

    NOT_DUE = "not due"
    DUE = "due"
    OVERDUE = "overdue"
    PROMISED = "promised"
    """Late, with a promise that still holds: reminders stop for it, and begin again when its day is past."""
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Counts:
    expected: int
    received: int
    on_time: int
    late: int
    """Received after the day they were due, or past it and not there."""
    checked: int = 0
    """Received and checked, with no change and no query of theirs since."""


@dataclass(frozen=True, slots=True)
class ReturnStatus:
    state: ReturnState
    timing: Timing
    due_on: date
    """The day everything is due; it does not move as figures come in."""
    next_due_on: date | None
    """The first day on which a missing figure is due; None with none missing."""
    counts: Counts
    promised_on: date | None
    """The day of a promise that still holds."""
    queries: tuple[QueryStatus, ...] = ()
    checked: tuple[OwedFigure, ...] = ()
    """Figures that staff have checked, with no change and no query of theirs since."""

    @property
    def is_overdue(self) -> bool:
        """Whether something is overdue, queried or not."""
        return self.timing is Timing.OVERDUE

    @property
    def needs_attention(self) -> bool:
        """Whether the agency has to act: something is overdue, or a query is open."""
        return self.is_overdue or any(query.is_open for query in self.queries)


def return_status(figures: Sequence[OwedFigure], events: Sequence[Event], today: date) -> ReturnStatus:
    """Status of a return with at least one figure. `events` are in order."""
    missing = [figure for figure in figures if figure.received_at is None]
    queries = query_statuses(figures, events)
    checked = _checked(figures, events, queries)
    counts = _counts(figures, checked, today)
    promised_on = _promised_on(missing, events, today)
    timing = _timing(missing, promised_on, today)
    return ReturnStatus(
        _state(timing, counts, queries),
        timing,
        max(figure.due_on for figure in figures),
        min((figure.due_on for figure in missing), default=None),
        counts,
        promised_on,
        queries,
        checked,
    )


def _checked(
    figures: Sequence[OwedFigure], events: Sequence[Event], queries: Sequence[QueryStatus]
) -> tuple[OwedFigure, ...]:
    """Figures that staff have checked and that have not changed since; a query about one asks for a new check."""
    check = next((event for event in reversed(events) if event.kind is EventKind.CHECKED), None)
    if check is None:
        return ()
    unsettled = [query for query in queries if query.ended_at is None and query.asked_at >= check.at]
    queried = {code for query in unsettled for code in query.indicators}
    return tuple(
        figure
        for figure in figures
        if figure.received_at is not None
        and (figure.changed_at is None or figure.changed_at <= check.at)
        and figure.indicator not in queried
    )


def _promised_on(missing: Sequence[OwedFigure], events: Sequence[Event], today: date) -> date | None:
    """The day promised for the whole return, or for everything overdue; None once it is past."""
    late = next((event for event in reversed(events) if event.kind is EventKind.LATE), None)
    if missing and late is not None and late.promised_on is not None and today <= late.promised_on:
        return late.promised_on
    promised = [figure.promised_on for figure in missing if today > figure.due_on]
    days = [day for day in promised if day is not None and today <= day]
    return max(days) if days and len(days) == len(promised) else None


def _timing(missing: Sequence[OwedFigure], promised_on: date | None, today: date) -> Timing:
    if not missing:
        return Timing.COMPLETE
    if promised_on is not None:
        return Timing.PROMISED
    if any(today > figure.due_on for figure in missing):
        return Timing.OVERDUE
    if any(today >= figure.available_on for figure in missing):
        return Timing.DUE
    return Timing.NOT_DUE


def _counts(figures: Sequence[OwedFigure], checked: Sequence[OwedFigure], today: date) -> Counts:
    received = [figure for figure in figures if figure.received_at is not None]
    late = sum(figure.is_late(today) for figure in figures)
    on_time = sum(not figure.is_late(today) for figure in received)
    return Counts(len(figures), len(received), on_time, late, len(checked))


_STATES = {
    Timing.NOT_DUE: ReturnState.NOT_DUE,
    Timing.DUE: ReturnState.DUE,
    Timing.OVERDUE: ReturnState.OVERDUE,
    Timing.PROMISED: ReturnState.LATE_REASON_GIVEN,
}


def _state(timing: Timing, counts: Counts, queries: Sequence[QueryStatus]) -> ReturnState:
    """One word for both axes: an open query comes before timing."""
    if any(query.is_open for query in queries):
        return ReturnState.QUERIED
    if timing is Timing.COMPLETE:
        return ReturnState.CHECKED if counts.checked == counts.expected else ReturnState.SUBMITTED
    return _STATES[timing]
