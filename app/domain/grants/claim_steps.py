"""A claim of what was spent: its states, its steps, and the rules that refuse them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.access.authority import Access, Scope
from app.domain.errors import RuleBroken
from app.domain.grants.decision import by_a_key, only_from, own_proposal
from app.domain.grants.grant import PAYABLE, GrantState
from app.domain.grants.money import pounds_words
from app.domain.period import Period
from app.domain.workflow import Refusal, Step


class ClaimState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PART_APPROVED = "part_approved"
    REJECTED = "rejected"
    PAID = "paid"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_open(self) -> bool:
        return self in (ClaimState.SUBMITTED, ClaimState.APPROVED, ClaimState.PART_APPROVED)


_LABELS = {
    ClaimState.DRAFT: "a draft",
    ClaimState.SUBMITTED: "with us",
    ClaimState.APPROVED: "approved",
    ClaimState.PART_APPROVED: "approved in part",
    ClaimState.REJECTED: "not approved",
    ClaimState.PAID: "paid",
}


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    state: ClaimState
    grant_state: GrantState
    is_own: bool = False
    """Whether the actor sent it, or is of the agency that did."""


@dataclass(frozen=True, slots=True)
class ClaimNumbers:
    """What stands on every claim, in pence."""

    asked: int
    approved: int
    already_claimed: int
    """By the grant's other claims: approved, or asked for where they are not decided."""
    left: int
    """Approved by the award and not claimed."""


def claim_numbers(asked: int, approved: int, award: int, already_claimed: int) -> ClaimNumbers:
    return ClaimNumbers(asked, approved, already_claimed, award - already_claimed)


def require_claim(pence: int, left: int, period: Period, starts: date) -> None:
    """RuleBroken for a claim of nothing, of more than is left, or of a time before the award."""
    if pence <= 0:
        raise RuleBroken("lines", "nothing_claimed", "A claim is of more than £0.")
    if period.end < starts:
        raise RuleBroken(
            "period", "before_award", "The grant had not begun: nothing can be claimed for that time."
        )
    if pence > left:
        raise RuleBroken(
            "lines", "more_than_is_left", f"{pounds_words(max(0, left))} of the award is left to claim."
        )


def require_decision(approved: int, asked: int, reason: str) -> ClaimState:
    """The state that a decision leads to. RuleBroken where more is approved than asked, or less without a reason."""
    if approved > asked:
        raise RuleBroken("approved", "more_than_asked", f"{pounds_words(asked)} was asked for.")
    if approved < asked and not reason:
        raise RuleBroken("reason", "required", "Say why less is approved than was asked for.")
    if approved == asked:
        return ClaimState.APPROVED
    return ClaimState.PART_APPROVED if approved else ClaimState.REJECTED


def _grant_pays_nothing(facts: ClaimFacts, _access: Access) -> Refusal | None:
    """The grant is not accepted, is paused, or is closed."""
    if facts.grant_state in PAYABLE:
        return None
    return "grant_not_payable", f"The grant is {facts.grant_state.label}: nothing can be claimed from it now."


S = ClaimState
SUBMIT: Step[ClaimFacts] = Step(
    "submit", Scope.WRITE_CLAIMS, (only_from("claim", [S.DRAFT]), _grant_pays_nothing)
)
TAKE_BACK: Step[ClaimFacts] = Step("take_back", Scope.WRITE_CLAIMS, (only_from("claim", [S.SUBMITTED]),))
DECIDE: Step[ClaimFacts] = Step(
    "decide", Scope.AWARD_FUNDING, (only_from("claim", [S.SUBMITTED]), by_a_key, own_proposal)
)
STEPS = (SUBMIT, TAKE_BACK, DECIDE)
