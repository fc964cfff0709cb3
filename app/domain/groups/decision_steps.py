"""The step of a decision that was made between meetings, or by too few: its ratifying."""

from app.domain.access.authority import Access, Scope
from app.domain.groups.decision import DecisionFacts
from app.domain.workflow import Refusal, Step


def _needs_none(facts: DecisionFacts, _access: Access) -> Refusal | None:
    """It needs no ratifying."""
    if facts.needs_ratifying:
        return None
    text = "Only a chair's action, or a decision of an inquorate meeting, needs ratifying. This one stands."
    return "needs_no_ratifying", text


def _ratified(facts: DecisionFacts, _access: Access) -> Refusal | None:
    """It is ratified."""
    return ("already_ratified", "It is ratified already.") if facts.is_ratified else None


RATIFY = Step("ratify", Scope.WRITE_PLAN, (_needs_none, _ratified))
STEPS = (RATIFY,)
