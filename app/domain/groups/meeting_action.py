"""An action that arose at a meeting: how it goes, and whether it is late."""

from datetime import date
from enum import StrEnum


class MeetingActionState(StrEnum):
    NOT_STARTED = "not_started"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    LATE = "late"
    DONE = "done"
    STOPPED = "stopped"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @property
    def is_open(self) -> bool:
        return self not in (MeetingActionState.DONE, MeetingActionState.STOPPED)


def is_overdue(state: MeetingActionState, due_on: date | None, today: date) -> bool:
    return state.is_open and due_on is not None and due_on < today
