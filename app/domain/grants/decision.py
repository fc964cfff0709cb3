"""Rules that every decision about money shares."""

from collections.abc import Collection
from typing import Any, Protocol

from app.domain.access.authority import Access
from app.domain.workflow import Refusal, Rule


class Labelled(Protocol):
    """A stored state, with its words for people."""

    @property
    def label(self) -> str: ...


class Stateful(Protocol):
    @property
    def state(self) -> Labelled: ...


class Proposed(Protocol):
    @property
    def is_own(self) -> bool:
        """Whether the actor proposed it: compared by person id, a key counting as the person who made it."""
        ...


def only_from(noun: str, states: Collection[Labelled]) -> Rule[Any]:
    """Rule: refuses the step in any state but these."""
    names = " or ".join(state.label for state in states)

    def refuse_other_states(facts: Stateful, _access: Access) -> Refusal | None:
        if facts.state in states:
            return None
        return "wrong_state", f"The {noun} is {facts.state.label}; this is for one that is {names}."

    refuse_other_states.__doc__ = f"The {noun} is not {names}."
    return refuse_other_states


def by_a_key(_facts: object, access: Access) -> Refusal | None:
    """A key sends it: money is moved by people."""
    if access.role is not None:
        return None
    return "a_person_decides", "A key moves no money. Somebody has to sign in and decide this."


def own_proposal(facts: Proposed, _access: Access) -> Refusal | None:
    """Whoever proposed it would decide it."""
    if not facts.is_own:
        return None
    return "own_proposal", "You proposed this yourself. Somebody else has to decide it."
