"""A round of applications: when it is open, who decides it, and the steps open to people."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.access.authority import Access, Role, Scope
from app.domain.errors import RuleBroken
from app.domain.grants.decision import by_a_key
from app.domain.workflow import Refusal, Step


class RoundState(StrEnum):
    """Worked out from the day."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return "opens later" if self is RoundState.PLANNED else self.value


class Decider(StrEnum):
    """Who decides a round's applications."""

    PARTNERSHIP = "partnership"
    FUNDER = "funder"
    """By letter: its round is its own, and an administrator enters it for the funder."""


@dataclass(frozen=True, slots=True)
class RoundFacts:
    decider: Decider = Decider.PARTNERSHIP
    has_scheme: bool = True
    has_agency: bool = True
    """Whether the actor has an agency here."""
    to_decide: int = 0
    """Applications that wait for a decision."""


def round_state(opens_on: date, closes_on: date, today: date) -> RoundState:
    if today < opens_on:
        return RoundState.PLANNED
    return RoundState.OPEN if today <= closes_on else RoundState.CLOSED


def require_round_days(opens_on: date, closes_on: date, decides_on: date | None) -> None:
    """RuleBroken for days that cross."""
    if closes_on < opens_on:
        raise RuleBroken("closes_on", "days_reversed", "It would close before it opens. Put one day right.")
    if decides_on is not None and decides_on < closes_on:
        text = "It would be decided before it closes. Give a later day, or leave it out."
        raise RuleBroken("decides_on", "days_reversed", text)


def _not_the_funders(facts: RoundFacts, access: Access) -> Refusal | None:
    """It is a funder's round, and somebody other than an administrator would change it."""
    if facts.decider is Decider.PARTNERSHIP or access.role is Role.ADMINISTRATOR:
        return None
    return "administrator_needed", "This round is the funder's. An administrator changes it for the funder."


def _by_a_key(_facts: RoundFacts, access: Access) -> Refusal | None:
    """A key sends it: people score."""
    return (
        None if access.role is not None else ("a_person_scores", "A key scores nothing. Sign in and score.")
    )


def _no_agency(facts: RoundFacts, _access: Access) -> Refusal | None:
    """The assessor has no agency here."""
    if facts.has_agency:
        return None
    text = "You have no organisation here, so nobody could see an interest. An administrator can set it."
    return "no_agency", text


def _no_scheme(facts: RoundFacts, _access: Access) -> Refusal | None:
    """The round has no criteria."""
    return None if facts.has_scheme else ("no_scheme", "The round has no criteria. Add them to it first.")


def _nothing_to_decide(facts: RoundFacts, _access: Access) -> Refusal | None:
    """No application of it waits for a decision."""
    return None if facts.to_decide else ("nothing_to_decide", "No application of it waits for a decision.")


EDIT: Step[RoundFacts] = Step("edit", Scope.WRITE_FUNDING, (_not_the_funders,))
APPRAISE: Step[RoundFacts] = Step("appraise", Scope.WRITE_FUNDING, (_by_a_key, _no_scheme, _no_agency))
DECIDE: Step[RoundFacts] = Step("decide", Scope.AWARD_FUNDING, (by_a_key, _nothing_to_decide))
STEPS = (EDIT, APPRAISE, DECIDE)
