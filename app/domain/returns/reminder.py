"""Schedule of reminders of a return: a week before it is due, on the day, then weekly."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.returns.return_status import ReturnStatus, Timing

WEEK = timedelta(days=7)


class ReminderKind(StrEnum):
    """Kind, in the outbox, of a message about a return still owed."""

    BEFORE = "reminder_before"
    DUE = "reminder_due"
    OVERDUE = "reminder_overdue"
    ON_REQUEST = "reminder_asked"
    """Written at the request of staff, on any day."""
    NOBODY = "nobody_to_remind"
    """Written to the partnership's officers, if the agency has no senders."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder to send. `day` is the scheduled one: a reminder missed then is sent later, once."""

    kind: ReminderKind
    day: date


def is_awaited(status: ReturnStatus) -> bool:
    """Whether figures are due or overdue, and no reason was given; a query does not change it."""
    return status.timing in (Timing.DUE, Timing.OVERDUE)


def reminder_due(status: ReturnStatus, today: date) -> Reminder | None:
    """The newest reminder scheduled by today. Earlier ones that were missed are skipped."""
    due = status.next_due_on
    if due is None or not is_awaited(status) or today < due - WEEK:
        return None
    if today < due:
        return Reminder(ReminderKind.BEFORE, due - WEEK)
    weeks = (today - due) // WEEK
    return Reminder(ReminderKind.OVERDUE if weeks else ReminderKind.DUE, due + weeks * WEEK)
