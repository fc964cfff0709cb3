"""What is owed of a recommendation, and the steps that may be taken."""

from datetime import date

import pytest

from app.domain.access.authority import Access, Role
from app.domain.groups.recommendation import (
    RecommendationAnswer,
    RecommendationFacts,
    RecommendationSource,
    RecommendationState,
    Timing,
    answer_words,
    timing,
)
from app.domain.groups.recommendation_steps import STEPS
from app.domain.workflow import may

TODAY = date(2017, 12, 20)
OFFICER = Access.of_role((1, "town"), Role.OFFICER)
READER = Access.of_role((1, "town"), Role.READER)
CONSIDERED, ACCEPTED = RecommendationAnswer.BEING_CONSIDERED, RecommendationAnswer.ACCEPTED
PARTLY, REFUSED = RecommendationAnswer.PARTLY_ACCEPTED, RecommendationAnswer.NOT_ACCEPTED
NOT_STARTED, DONE = RecommendationState.NOT_STARTED, RecommendationState.DONE


@pytest.mark.parametrize(
    ("answer", "state", "owes_answer", "owes_action", "steps"),
    [
        (None, NOT_STARTED, True, False, ["answer"]),
        (CONSIDERED, NOT_STARTED, True, False, ["answer"]),
        (ACCEPTED, NOT_STARTED, False, True, ["answer", "report"]),
        (PARTLY, RecommendationState.LATE, False, True, ["answer", "report"]),
        (REFUSED, NOT_STARTED, False, False, ["answer"]),
        (ACCEPTED, DONE, False, False, ["reopen"]),
        (PARTLY, RecommendationState.STOPPED, False, False, ["reopen"]),
    ],
)
def test_what_is_owed_and_what_may_be_done(
    answer: RecommendationAnswer | None,
    state: RecommendationState,
    owes_answer: bool,
    owes_action: bool,
    steps: list[str],
) -> None:
    facts = RecommendationFacts(answer, state)
    assert (facts.owes_answer, facts.owes_action) == (owes_answer, owes_action)
    assert may(STEPS, facts, OFFICER) == steps
    assert may(STEPS, facts, READER) == []


@pytest.mark.parametrize(
    ("is_owed", "due_on", "expected"),
    [
        (False, date(2017, 1, 1), Timing.NOTHING_OWED),
        (True, None, Timing.NO_DAY),
        (True, date(2017, 12, 20), Timing.DUE),
        (True, date(2017, 12, 19), Timing.OVERDUE),
    ],
)
def test_a_day_is_met_until_it_has_passed(is_owed: bool, due_on: date | None, expected: Timing) -> None:
    assert timing(is_owed, due_on, TODAY) is expected


@pytest.mark.parametrize(
    ("timing_", "due_on", "answer", "words"),
    [
        (Timing.NOTHING_OWED, None, ACCEPTED, "Accepted"),
        (Timing.NOTHING_OWED, None, None, "No answer"),
        (Timing.NO_DAY, None, None, "Answer owed, with no day set"),
        (Timing.DUE, date(2018, 1, 17), None, "Answer owed by 17 January 2018"),
        (
            Timing.OVERDUE,
            date(2017, 12, 1),
            CONSIDERED,
            "Being considered, answer overdue since 1 December 2017",
        ),
    ],
)
def test_the_answer_in_words(
    timing_: Timing, due_on: date | None, answer: RecommendationAnswer | None, words: str
) -> None:
    assert answer_words(timing_, due_on, answer) == words


def test_each_source_has_a_label() -> None:
    assert [each.label for each in RecommendationSource] == [
        "Inspection",
        "Peer review",
        "Evaluation",
        "Survey",
        "Scrutiny",
        "Audit",
        "Death review",
        "ASB case review",
    ]
