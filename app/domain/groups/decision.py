"""A decision: how it was made, and whether it stands."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.errors import RuleBroken
from app.domain.groups.meeting import MeetingState


class DecisionRoute(StrEnum):
    """How a decision was made."""

    MEETING = "meeting"
    CHAIR = "chair"
    """Between meetings; needs ratifying."""
    OUTSIDE = "outside"
    """By another body, such as a funder, with a letter as its evidence."""

    @property
    def label(self) -> str:
        return {"meeting": "At a meeting", "chair": "Chair's action", "outside": "By another body"}[
            self.value
        ]


class DecisionOutcome(StrEnum):
    AGREED = "agreed"
    AGREED_WITH_CONDITIONS = "agreed_with_conditions"
    REFUSED = "refused"
    DEFERRED = "deferred"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class DecisionState(StrEnum):
    STANDS = "stands"
    TO_BE_RATIFIED = "to_be_ratified"
    RATIFIED = "ratified"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """Facts that decide whether a decision stands. `meeting` is the state of the meeting that made it."""

    route: DecisionRoute
    meeting: MeetingState | None
    is_ratified: bool

    @property
    def needs_ratifying(self) -> bool:
        return self.route is DecisionRoute.CHAIR or self.meeting is MeetingState.INQUORATE

    @property
    def state(self) -> DecisionState:
        if not self.needs_ratifying:
            return DecisionState.STANDS
        return DecisionState.RATIFIED if self.is_ratified else DecisionState.TO_BE_RATIFIED


def pence(amount: Decimal | None) -> int | None:
    """Whole pence of an amount in pounds. RuleBroken on `amount` for part of a penny, or less than nothing."""
    if amount is None:
        return None
    if amount < 0 or amount != round(amount, 2):
        raise RuleBroken("amount", "bad_amount", "Expected pounds, 0 or more, with pence at most: 7125.50.")
    return int(amount * 100)


def pounds(amount: int | None) -> Decimal | None:
    return Decimal(amount) / 100 if amount is not None else None
