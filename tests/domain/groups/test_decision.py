"""Decisions: which need ratifying, and when they stand."""

import pytest

from app.domain.access.authority import Access, Role
from app.domain.groups.decision import DecisionFacts, DecisionRoute
from app.domain.groups.decision_steps import RATIFY
from app.domain.groups.meeting import MeetingState

OFFICER = Access.of_role((1, "town"), Role.OFFICER)
HELD, INQUORATE = MeetingState.HELD, MeetingState.INQUORATE


@pytest.mark.parametrize(
    ("facts", "state", "refusal"),
    [
        (DecisionFacts(DecisionRoute.MEETING, HELD, False), "stands", "needs_no_ratifying"),
        (DecisionFacts(DecisionRoute.OUTSIDE, None, False), "stands", "needs_no_ratifying"),
        (DecisionFacts(DecisionRoute.CHAIR, None, False), "to_be_ratified", None),
        (DecisionFacts(DecisionRoute.CHAIR, None, True), "ratified", "already_ratified"),
        (DecisionFacts(DecisionRoute.MEETING, INQUORATE, False), "to_be_ratified", None),
        (DecisionFacts(DecisionRoute.MEETING, INQUORATE, True), "ratified", "already_ratified"),
    ],
)
def test_what_needs_ratifying_stands_once_it_is(
    facts: DecisionFacts, state: str, refusal: str | None
) -> None:
    assert facts.state == state
    refused = RATIFY.refusal(facts, OFFICER)
    assert (refused[0] if refused else None) == refusal
