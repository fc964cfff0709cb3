"""A meeting: its kind and its state, and what becomes of the business put to it."""

from enum import StrEnum


class MeetingKind(StrEnum):
    ORDINARY = "ordinary"
    EXTRAORDINARY = "extraordinary"
    PUBLIC = "public"
    CIRCULATED = "circulated"

    @property
    def label(self) -> str:
        return "Circulated by e-mail" if self is MeetingKind.CIRCULATED else self.value.capitalize()


class MeetingState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"
    INQUORATE = "inquorate"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class AgendaItemHandling(StrEnum):
    """What became of an item of business."""

    TO_COME = "to_come"
    CONSIDERED = "considered"
    NOTED = "noted"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


def counts_for_attendance(kind: MeetingKind, state: MeetingState) -> bool:
    """Whether people could come: not to one by e-mail, and not to one that did not take place.

    An inquorate meeting counts: it is one that too few came to.
    """
    return kind is not MeetingKind.CIRCULATED and state in (MeetingState.HELD, MeetingState.INQUORATE)
