"""Events that people record about a return."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class EventKind(StrEnum):
    SIGNED_OFF = "signed_off"
    NIL = "nil"
    LATE = "late"
    QUERY = "query"
    ANSWER = "answer"
    QUERY_ENDED = "query_ended"
    """By staff, who have what they asked for."""
    CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class Event:
    kind: EventKind
    at: datetime
    promised_on: date | None = None
    indicators: tuple[str, ...] = ()
    """Codes of the indicators it is about; none where it is about the whole return."""
    id: int = 0
