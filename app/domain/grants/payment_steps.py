"""A payment of a grant: its states, its steps, and the rules that refuse them."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.access.authority import Access, Scope
from app.domain.grants.decision import by_a_key, only_from
from app.domain.grants.gate import GateStatus, waits_for
from app.domain.grants.grant import PAYABLE, GrantState
from app.domain.grants.money import pounds_words
from app.domain.workflow import Refusal, Step


class PaymentState(StrEnum):
    """Stored. Whether it waits for a gate, or is due, is worked out beside it."""

    PLANNED = "planned"
    AUTHORISED = "authorised"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_scheduled(self) -> bool:
        """Whether it takes up a part of the grant's amount."""
        return self in (PaymentState.PLANNED, PaymentState.AUTHORISED, PaymentState.PAID)


_LABELS = {
    PaymentState.PLANNED: "planned",
    PaymentState.AUTHORISED: "can be paid",
    PaymentState.PAID: "paid",
    PaymentState.FAILED: "failed",
    PaymentState.CANCELLED: "stopped",
}


class PaidIn(StrEnum):
    ADVANCE = "advance"
    ARREARS = "arrears"
    MILESTONE = "milestone"


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    state: PaymentState
    grant_state: GrantState
    pence: int
    room: int
    """Approved and neither authorised nor paid, without this payment."""
    gates: tuple[GateStatus, ...] = ()
    is_own: bool = False
    """Whether the actor planned it."""
    has_waived: bool = False
    """Whether the actor waived one of its gates."""

    @property
    def waits_for(self) -> list[GateStatus]:
        return waits_for(self.gates)

    @property
    def words(self) -> str:
        if self.state is PaymentState.PLANNED and self.waits_for:
            return f"waiting: {' '.join(status.words for status in self.waits_for)}"
        return self.state.label


def _own_draft(facts: PaymentFacts, _access: Access) -> Refusal | None:
    """Whoever planned it would authorise it."""
    if not facts.is_own:
        return None
    return "own_draft", "You planned this payment yourself. Somebody else has to authorise it."


def _own_waiver(facts: PaymentFacts, _access: Access) -> Refusal | None:
    """Whoever waived one of its gates would authorise it."""
    if not facts.has_waived:
        return None
    return "own_waiver", "You decided to pay without a condition. Somebody else has to authorise the payment."


def _gates_hold(facts: PaymentFacts, _access: Access) -> Refusal | None:
    """A gate is neither met nor waived."""
    if not facts.waits_for:
        return None
    first = facts.waits_for[0].words
    return "gate_not_met", f"{first} Or decide to pay without it, and say why."


def _no_gate_holds(facts: PaymentFacts, _access: Access) -> Refusal | None:
    """No gate holds it."""
    return None if facts.waits_for else ("nothing_to_waive", "Nothing holds this payment.")


def _grant_pays_nothing(facts: PaymentFacts, _access: Access) -> Refusal | None:
    """The grant is not accepted, is paused, or is closed."""
    if facts.grant_state in PAYABLE:
        return None
    return "grant_not_payable", f"The grant is {facts.grant_state.label}: nothing is paid of it now."


def _beyond_award(facts: PaymentFacts, _access: Access) -> Refusal | None:
    """More would be authorised and paid than is approved."""
    if facts.pence <= facts.room:
        return None
    left = pounds_words(max(0, facts.room))
    return (
        "beyond_award",
        f"{left} of what is approved is left to pay, and this is {pounds_words(facts.pence)}.",
    )


S = PaymentState
WAIVE: Step[PaymentFacts] = Step(
    "waive", Scope.AWARD_FUNDING, (only_from("payment", [S.PLANNED]), by_a_key, _no_gate_holds)
)
AUTHORISE: Step[PaymentFacts] = Step(
    "authorise",
    Scope.PAY_FUNDING,
    (
        only_from("payment", [S.PLANNED]),
        by_a_key,
        _own_draft,
        _own_waiver,
        _grant_pays_nothing,
        _gates_hold,
        _beyond_award,
    ),
)
RECORD_PAID: Step[PaymentFacts] = Step(
    "record_paid", Scope.WRITE_FUNDING, (only_from("payment", [S.AUTHORISED]),)
)
RECORD_FAILED: Step[PaymentFacts] = Step(
    "record_failed", Scope.WRITE_FUNDING, (only_from("payment", [S.AUTHORISED]),)
)
CANCEL: Step[PaymentFacts] = Step(
    "cancel", Scope.WRITE_FUNDING, (only_from("payment", [S.PLANNED, S.AUTHORISED]),)
)
STEPS = (WAIVE, AUTHORISE, RECORD_PAID, RECORD_FAILED, CANCEL)
