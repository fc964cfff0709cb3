"""A repayment that is demanded of a recipient: its states and steps."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.access.authority import Scope
from app.domain.errors import RuleBroken
from app.domain.grants.decision import by_a_key, only_from, own_proposal
from app.domain.grants.money import pounds_words
from app.domain.workflow import Step


class RepaymentState(StrEnum):
    DEMANDED = "demanded"
    PART_RECEIVED = "part_received"
    RECEIVED = "received"
    WAIVED = "waived"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    RepaymentState.DEMANDED: "asked for",
    RepaymentState.PART_RECEIVED: "paid back in part",
    RepaymentState.RECEIVED: "paid back",
    RepaymentState.WAIVED: "no longer asked for",
}


class RepaymentReason(StrEnum):
    UNDERSPEND = "underspend"
    BREACH = "breach"
    INELIGIBLE = "ineligible"
    OVERPAID = "overpaid"
    ASSET_SOLD = "asset_sold"


@dataclass(frozen=True, slots=True)
class RepaymentFacts:
    state: RepaymentState
    is_own: bool = False
    """Whether the actor demanded it."""


def outstanding(demanded: int, received: int, waived: int) -> int:
    return demanded - received - waived


def require_receipt(pence: int, demanded: int, received: int) -> RepaymentState:
    """The state after a receipt. RuleBroken for none, or for more than is outstanding."""
    left = demanded - received
    if not 0 < pence <= left:
        raise RuleBroken("amount", "beyond_demand", f"{pounds_words(left)} is still asked for.")
    return RepaymentState.RECEIVED if pence == left else RepaymentState.PART_RECEIVED


S = RepaymentState
OPEN = [S.DEMANDED, S.PART_RECEIVED]
RECEIVE: Step[RepaymentFacts] = Step("receive", Scope.WRITE_FUNDING, (only_from("repayment", OPEN),))
WAIVE: Step[RepaymentFacts] = Step(
    "waive", Scope.AWARD_FUNDING, (only_from("repayment", OPEN), by_a_key, own_proposal)
)
STEPS = (RECEIVE, WAIVE)
