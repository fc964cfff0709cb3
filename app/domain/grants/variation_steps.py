"""Steps of a variation, from its request to its decision, and the rules that refuse them."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.access.authority import Access, Scope
from app.domain.grants.decision import by_a_key, only_from, own_proposal
from app.domain.grants.grant import GrantState
from app.domain.grants.money import pounds_words
from app.domain.workflow import Refusal, Step


class VariationState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    PART_APPROVED = "part_approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    RECORDED = "recorded"
    """Below the fund's threshold: recorded with a reason, and not asked for."""

    @property
    def label(self) -> str:
        return self.value.replace("_", " ")


VARIABLE = (
    GrantState.OFFERED,
    GrantState.ACCEPTED,
    GrantState.LIVE,
    GrantState.SUSPENDED,
    GrantState.TERMINATED,
)


@dataclass(frozen=True, slots=True)
class VariationFacts:
    state: VariationState
    grant_state: GrantState
    is_own: bool = False
    """Whether the actor asked for it."""
    is_of_older_version: bool = False
    """Whether the grant changed since it was asked for."""
    shortage: Refusal | None = None
    """Why the money it adds cannot be committed now."""
    paid: int = 0
    """Authorised or paid of the grant."""
    total: int = 0
    """The grant's amount after it."""


def _grant_not_variable(facts: VariationFacts, _access: Access) -> Refusal | None:
    """The grant is not awarded, or has ended."""
    if facts.grant_state in VARIABLE:
        return None
    return "grant_not_variable", f"The grant is {facts.grant_state.label}: nothing of it changes now."


def _older_version(facts: VariationFacts, _access: Access) -> Refusal | None:
    """The grant changed since it was asked for."""
    if not facts.is_of_older_version:
        return None
    return (
        "superseded",
        "The grant was changed since this was asked for. Ask for it again, from how it stands now.",
    )


def _not_enough_left(facts: VariationFacts, _access: Access) -> Refusal | None:
    """Less is left than it adds."""
    return facts.shortage


def _below_paid(facts: VariationFacts, _access: Access) -> Refusal | None:
    """More is authorised or paid than would be approved."""
    if facts.paid <= facts.total:
        return None
    paid, total = pounds_words(facts.paid), pounds_words(facts.total)
    return "below_paid", f"{paid} is authorised or paid, more than the {total} it would have."


S = VariationState
REQUESTED = only_from("change", [S.REQUESTED])
APPROVE: Step[VariationFacts] = Step(
    "approve",
    Scope.AWARD_FUNDING,
    (REQUESTED, by_a_key, own_proposal, _grant_not_variable, _older_version, _below_paid, _not_enough_left),
)
REFUSE: Step[VariationFacts] = Step("refuse", Scope.AWARD_FUNDING, (REQUESTED, by_a_key, own_proposal))
WITHDRAW: Step[VariationFacts] = Step("withdraw", Scope.WRITE_CLAIMS, (REQUESTED,))
STEPS = (APPROVE, REFUSE, WITHDRAW)
