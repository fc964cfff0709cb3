"""Steps that people take, each with the rules that refuse it: one row for `may`, the refusal and the documentation.

It is no state machine: a step defines when it is refused, and its command makes the change.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.domain.access.authority import Access, Scope
from app.domain.errors import Conflict

T = TypeVar("T")
Refusal = tuple[str, str]
"""A code for programs, and a sentence for people."""
Rule = Callable[[T, Access], Refusal | None]
"""A pure function of facts that one query gathers. Its docstring says when it refuses, for the documentation."""


@dataclass(frozen=True, slots=True)
class Step(Generic[T]):
    name: str
    need: Scope
    """Also the route's, so that 403 comes before 409."""
    rules: tuple[Rule[T], ...] = ()
    """Asked in order; the first refusal counts."""

    def refusal(self, facts: T, access: Access) -> Refusal | None:
        return next(filter(None, (rule(facts, access) for rule in self.rules)), None)

    def require(self, facts: T, access: Access | None) -> None:
        """Raises Conflict where the step is refused. For a command's start, on facts read under the ledger's lock."""
        assert access is not None, "the route has asked for the step's need"
        if refusal := self.refusal(facts, access):
            raise Conflict(*refusal)

    @property
    def refused_when(self) -> list[str]:
        """One sentence a rule, for the documentation."""
        return [(rule.__doc__ or "").strip() for rule in self.rules]


def may(steps: Iterable[Step[T]], facts: T, access: Access | None) -> list[str]:
    """Names of the steps that an actor with this access may take now."""
    if access is None:
        return []
    return [step.name for step in steps if step.need in access.scopes and step.refusal(facts, access) is None]


def require_step(steps: Iterable[Step[T]], step: Step[T], facts: T, access: Access | None) -> None:
    """Raises Conflict where the step is refused, as `Step.require` does, and says which steps are open instead."""
    assert access is not None, "the route has asked for the step's need"
    if refusal := step.refusal(facts, access):
        code, sentence = refusal
        open_steps = ", ".join(name.replace("_", " ") for name in may(steps, facts, access))
        raise Conflict(code, f"{sentence} Open to you now: {open_steps or 'nothing'}.")
