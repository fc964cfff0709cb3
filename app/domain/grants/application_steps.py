"""An application for money: its states, its steps, and the rules that refuse them."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.access.authority import Access, Scope
from app.domain.grants.decision import by_a_key, only_from, own_proposal
from app.domain.workflow import Refusal, Step


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    INELIGIBLE = "ineligible"
    IN_ASSESSMENT = "in_assessment"
    CHANGES_REQUESTED = "changes_requested"
    DEFERRED = "deferred"
    RESERVE = "reserve"
    APPROVED = "approved"
    PART_APPROVED = "part_approved"
    DECLINED = "declined"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    state: ApplicationState
    is_round_open: bool = True
    is_own: bool = False
    """Whether the actor sent it, or is of the agency that did."""
    unanswered_interests: tuple[str, ...] = ()
    """Assessors whose organisation is the applicant's, who declared nothing."""


def _round_closed(facts: ApplicationFacts, _access: Access) -> Refusal | None:
    """The round is not open."""
    return None if facts.is_round_open else ("round_closed", "The round is not open for applications.")


def _interests(facts: ApplicationFacts, _access: Access) -> Refusal | None:
    """An assessor of the applicant's organisation has declared nothing."""
    if not facts.unanswered_interests:
        return None
    names = ", ".join(facts.unanswered_interests)
    return (
        "interest_unanswered",
        f"Of the applicant's organisation, and not said whether they took part: {names}.",
    )


S = ApplicationState
UNDECIDED = [S.IN_ASSESSMENT, S.DEFERRED, S.RESERVE]
SUBMIT: Step[ApplicationFacts] = Step(
    "submit", Scope.WRITE_CLAIMS, (only_from("application", [S.DRAFT, S.CHANGES_REQUESTED]), _round_closed)
)
WITHDRAW: Step[ApplicationFacts] = Step(
    "withdraw",
    Scope.WRITE_CLAIMS,
    (only_from("application", [S.DRAFT, S.SUBMITTED, S.CHANGES_REQUESTED, *UNDECIDED]),),
)
INELIGIBLE: Step[ApplicationFacts] = Step(
    "ineligible", Scope.WRITE_FUNDING, (only_from("application", [S.SUBMITTED]),)
)
ASSESS: Step[ApplicationFacts] = Step(
    "assess", Scope.WRITE_FUNDING, (only_from("application", [S.SUBMITTED]),)
)
ASK_FOR_CHANGES: Step[ApplicationFacts] = Step(
    "ask_for_changes", Scope.WRITE_FUNDING, (only_from("application", [S.SUBMITTED, S.IN_ASSESSMENT]),)
)
DECIDE: Step[ApplicationFacts] = Step(
    "decide", Scope.AWARD_FUNDING, (only_from("application", UNDECIDED), by_a_key, own_proposal, _interests)
)
STEPS = (SUBMIT, WITHDRAW, INELIGIBLE, ASSESS, ASK_FOR_CHANGES, DECIDE)
