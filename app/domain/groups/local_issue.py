"""A local issue: a problem at a place, never about a person; its steps, and the rules that refuse them."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.access.authority import Access, Scope
from app.domain.workflow import Refusal, Step


class LocalIssueState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return self.value.capitalize()


@dataclass(frozen=True, slots=True)
class LocalIssueFacts:
    state: LocalIssueState


def _closed(facts: LocalIssueFacts, _access: Access) -> Refusal | None:
    """It is closed."""
    return ("closed", "It is closed already.") if facts.state is LocalIssueState.CLOSED else None


def _open(facts: LocalIssueFacts, _access: Access) -> Refusal | None:
    """It is open."""
    return ("not_closed", "It is open.") if facts.state is LocalIssueState.OPEN else None


CLOSE = Step("close", Scope.WRITE_PLAN, (_closed,))
REOPEN = Step("reopen", Scope.WRITE_PLAN, (_open,))
STEPS = (CLOSE, REOPEN)
