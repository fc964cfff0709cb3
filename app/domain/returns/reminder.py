"""When somebody is reminded of a return: a week before it is due, on the day, then weekly."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.returns.returns import ReturnState, Standing

WEEK = timedelta(days=7)


class ReminderKind(StrEnum):
    """What a message about a return still owed is called in the outbox."""

    BEFORE = "reminder_before"
    DUE = "reminder_due"
    OVERDUE = "reminder_overdue"
    ASKED = "reminder_asked"
    """By staff, on a day of their choosing."""
    NOBODY = "nobody_to_remind"
    """To the partnership's officers, where the agency has nobody."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """`day` is the one it stands for: where nobody was there to send it then, it is sent later, once."""

    kind: ReminderKind
    day: date


def is_awaited(standing: Standing) -> bool:
    """Whether figures are still asked for: some can exist and have not come, and nobody has said why."""
    return standing.state in (ReturnState.DUE, ReturnState.OVERDUE)


def reminder_due(standing: Standing, today: date) -> Reminder | None:
    """The newest reminder whose day has come. Earlier ones that were missed are not made up for."""
    due = standing.due_on
    if not is_awaited(standing) or today < due - WEEK:
        return None
    if today < due:
        return Reminder(ReminderKind.BEFORE, due - WEEK)
    weeks = (today - due) // WEEK
    return Reminder(ReminderKind.OVERDUE if weeks else ReminderKind.DUE, due + weeks * WEEK)
