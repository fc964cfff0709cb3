"""What an allocation or a delegation has left to award."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.grants.money import pounds_words
from app.domain.workflow import Refusal


class AllocationStatus(StrEnum):
    NOT_YET_KNOWN = "not_yet_known"
    INDICATED = "indicated"
    CONFIRMED = "confirmed"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def counts(self) -> bool:
        """Whether its amount may be awarded. What is only likely, not known, or taken back has nothing to award."""
        return self in (AllocationStatus.CONFIRMED, AllocationStatus.REVISED)


_LABELS = {
    AllocationStatus.NOT_YET_KNOWN: "not yet known",
    AllocationStatus.INDICATED: "likely, not certain",
    AllocationStatus.CONFIRMED: "confirmed",
    AllocationStatus.REVISED: "changed by the funder",
    AllocationStatus.WITHDRAWN: "withdrawn by the funder",
}


@dataclass(frozen=True, slots=True)
class Use:
    """What one grant takes of an allocation or a delegation, in a year and kind."""

    approved: int
    paid: int = 0
    repaid: int = 0

    @property
    def pence(self) -> int:
        """Money that cannot be awarded again: approved, or already paid where that is more."""
        return max(self.approved, self.paid - self.repaid)


def left_to_award(amount: int, delegated: int, uses: Iterable[Use]) -> int:
    """Amount less what groups hold and what grants take; negative where it is over-committed.

    For a delegation `delegated` is 0. Grants paid from a delegation are its uses alone.
    """
    return amount - delegated - sum(use.pence for use in uses)


def over_committed(available: int) -> int:
    """By how much more is awarded than there is: after a funder's revision, which is always recorded."""
    return max(0, -available)


def not_enough(available: int, more: int, name: str) -> Refusal | None:
    """Refuses to commit more than is left, and says how much that is. Giving money back is always possible."""
    if more <= 0 or more <= available:
        return None
    if available < 0:
        left = f"it is over-committed by {pounds_words(-available)}"
    else:
        left = f"{pounds_words(available)} is left"
    return "not_enough_left", f"This needs {pounds_words(more)} of {name}, and {left}."
