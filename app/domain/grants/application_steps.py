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
    """Whether the actor sent it."""
    is_of_applicant: bool = False
    """Whether the actor is of an organisation that applies."""
    unanswered_interests: tuple[str, ...] = ()
    """Assessors whose organisation is the applicant's, who declared nothing."""
    is_sender: bool = True
    """Whether the actor is of the lead applicant, or staff, who may enter it for them."""
    took_no_part: bool = False
    """Whether the actor declared an interest and took no part."""
    has_grant: bool = False
    is_told: bool = False
    """Whether the letter with the decision was sent."""


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


def _of_another(facts: ApplicationFacts, _access: Access) -> Refusal | None:
    """Somebody other than the lead applicant would send it."""
    return None if facts.is_sender else ("lead_sends", "The lead applicant sends and changes it.")


def _of_applicant(facts: ApplicationFacts, _access: Access) -> Refusal | None:
    """Somebody of an organisation that applies would decide it."""
    if not facts.is_of_applicant:
        return None
    text = "Your organisation is an applicant here. Somebody of another organisation has to decide it."
    return "of_applicant", text


def _took_no_part(facts: ApplicationFacts, _access: Access) -> Refusal | None:
    """Whoever would decide declared an interest and took no part."""
    if not facts.took_no_part:
        return None
    return "took_no_part", "You declared an interest and took no part. Somebody else has to decide it."


def _has_grant(facts: ApplicationFacts, _access: Access) -> Refusal | None:
    """There is a grant of it already."""
    return ("has_grant", "There is a grant of it already.") if facts.has_grant else None


def _is_told(facts: ApplicationFacts, _access: Access) -> Refusal | None:
    """Its letter is recorded already."""
    return ("already_told", "Its letter is recorded already.") if facts.is_told else None


S = ApplicationState
UNDECIDED = [S.IN_ASSESSMENT, S.DEFERRED, S.RESERVE]
SUBMIT: Step[ApplicationFacts] = Step(
    "submit",
    Scope.WRITE_CLAIMS,
    (only_from("application", [S.DRAFT, S.CHANGES_REQUESTED]), _of_another, _round_closed),
)
WITHDRAW: Step[ApplicationFacts] = Step(
    "withdraw",
    Scope.WRITE_CLAIMS,
    (only_from("application", [S.DRAFT, S.SUBMITTED, S.CHANGES_REQUESTED, *UNDECIDED]), _of_another),
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
    "decide",
    Scope.AWARD_FUNDING,
    (only_from("application", UNDECIDED), by_a_key, own_proposal, _of_applicant, _took_no_part, _interests),
)
MAKE_GRANT: Step[ApplicationFacts] = Step(
    "make_grant",
    Scope.AWARD_FUNDING,
    (
        only_from("application", [S.APPROVED, S.PART_APPROVED]),
        by_a_key,
        own_proposal,
        _of_applicant,
        _has_grant,
    ),
)
TELL: Step[ApplicationFacts] = Step(
    "tell",
    Scope.WRITE_FUNDING,
    (only_from("application", [S.APPROVED, S.PART_APPROVED, S.DECLINED, S.RESERVE, S.INELIGIBLE]), _is_told),
)
EDIT: Step[ApplicationFacts] = Step(
    "edit", Scope.WRITE_CLAIMS, (only_from("application", [S.DRAFT, S.CHANGES_REQUESTED]), _of_another)
)
STEPS = (EDIT, SUBMIT, WITHDRAW, INELIGIBLE, ASSESS, ASK_FOR_CHANGES, DECIDE, MAKE_GRANT, TELL)
LEADS_TO = {
    "submit": S.SUBMITTED,
    "withdraw": S.WITHDRAWN,
    "ineligible": S.INELIGIBLE,
    "assess": S.IN_ASSESSMENT,
    "ask_for_changes": S.CHANGES_REQUESTED,
}
"""The state that each step's command stores; a decision's follows from what it says."""


def next_words(state: ApplicationState, *, is_scored: bool, has_grant: bool, is_told: bool) -> str:
    """What staff do next with an application."""
    if state in (S.APPROVED, S.PART_APPROVED) and not has_grant:
        return "Make its grant"
    if state in (S.APPROVED, S.PART_APPROVED, S.DECLINED, S.INELIGIBLE, S.RESERVE) and not is_told:
        return "Send the letter"
    if state is S.IN_ASSESSMENT:
        return "Decide it" if is_scored else "Score it"
    return _NEXT.get(state, "Nothing more")


_NEXT = {
    S.DRAFT: "The applicant sends it",
    S.SUBMITTED: "Check whether it is eligible, then assess it",
    S.CHANGES_REQUESTED: "The applicant changes it and sends it again",
    S.DEFERRED: "Decide it",
    S.RESERVE: "Award it if money is released",
}


def waiting_words(state: ApplicationState) -> str:
    """What comes next, for applicants and funders: it says nothing of how far the panel is."""
    return _WAITING.get(state, "Nothing more")


_WAITING = {
    S.DRAFT: "Send it",
    S.CHANGES_REQUESTED: "Change it and send it again",
    S.SUBMITTED: "It is being considered",
    S.IN_ASSESSMENT: "It is being considered",
    S.DEFERRED: "It is being considered",
    S.RESERVE: "It is awarded if money is released",
}
