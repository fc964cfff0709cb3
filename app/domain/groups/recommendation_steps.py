"""Steps of a recommendation, and the rules that refuse them."""

from app.domain.access.authority import Access, Scope
from app.domain.groups.recommendation import RecommendationFacts
from app.domain.workflow import Refusal, Step


def _closed(facts: RecommendationFacts, _access: Access) -> Refusal | None:
    """It is done or stopped."""
    if not facts.state.is_closed:
        return None
    return "closed", f"It is {facts.state.label.lower()}. Reopen it first."


def _not_accepted(facts: RecommendationFacts, _access: Access) -> Refusal | None:
    """It is not accepted."""
    if facts.answer is not None and facts.answer.is_accepted:
        return None
    return "not_accepted", "Only what is accepted is worked on. Accept it, or accept a part of it, first."


def _open(facts: RecommendationFacts, _access: Access) -> Refusal | None:
    """It is open."""
    return None if facts.state.is_closed else ("not_closed", "It is open: say how far it is instead.")


ANSWER = Step("answer", Scope.WRITE_PLAN, (_closed,))
REPORT = Step("report", Scope.WRITE_PLAN, (_closed, _not_accepted))
REOPEN = Step("reopen", Scope.WRITE_PLAN, (_open,))
STEPS = (ANSWER, REPORT, REOPEN)
