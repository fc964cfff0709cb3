"""A quarter's steps from its end to its close."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.period import APRIL, Period


class StepKind(StrEnum):
    PLANNED = "planned"
    CUT_OFF = "cut_off"
    CLOSED = "closed"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Step:
    kind: StepKind
    at: datetime
    by: str
    reason: str = ""
    cut_off_on: date | None = None
    board_on: date | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """State of a quarter: its planned dates, and the steps not undone since."""

    planned: Step | None = None
    cut_off: Step | None = None
    closed: Step | None = None
    reopened: Step | None = None

    @property
    def as_known_at(self) -> datetime | None:
        """The moment of its snapshot."""
        return self.cut_off.at if self.cut_off is not None else None

    @property
    def state(self) -> str:
        """open, cut_off or closed."""
        if self.closed is not None:
            return "closed"
        return "cut_off" if self.cut_off is not None else "open"


def progress(steps: Iterable[Step]) -> Progress:
    """Replays steps in order.

    Reopening undoes the close; the cut-off and its snapshot stay, until it is cut off once more.
    """
    planned = cut_off = closed = reopened = None
    for step in steps:
        match step.kind:
            case StepKind.PLANNED:
                planned = step
            case StepKind.CUT_OFF:
                cut_off, reopened = step, None
            case StepKind.CLOSED:
                closed, reopened = step, None
            case StepKind.REOPENED:
                closed, reopened = None, step
    return Progress(planned, cut_off, closed, reopened)


def quarter_of(month: int) -> Period:
    """The quarter in which a figure that ends in this month is reported."""
    return Period((month - APRIL) // 3 * 3 + APRIL, 3)
