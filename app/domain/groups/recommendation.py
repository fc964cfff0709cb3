"""A recommendation made to the partnership: where it is from, our answer, how far it is, and what is owed by when."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.day import day_words


class RecommendationSource(StrEnum):
    INSPECTION = "inspection"
    PEER_REVIEW = "peer_review"
    EVALUATION = "evaluation"
    SURVEY = "survey"
    SCRUTINY = "scrutiny"
    AUDIT = "audit"
    DEATH_REVIEW = "death_review"
    ASB_CASE_REVIEW = "asb_case_review"

    @property
    def label(self) -> str:
        if self is RecommendationSource.ASB_CASE_REVIEW:
            return "ASB case review"
        return self.value.replace("_", " ").capitalize()


class RecommendationAnswer(StrEnum):
    """What the partnership says to a recommendation. One that is being considered still owes its answer."""

    BEING_CONSIDERED = "being_considered"
    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    NOT_ACCEPTED = "not_accepted"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @property
    def is_final(self) -> bool:
        return self is not RecommendationAnswer.BEING_CONSIDERED

    @property
    def is_accepted(self) -> bool:
        return self in (RecommendationAnswer.ACCEPTED, RecommendationAnswer.PARTLY_ACCEPTED)


class RecommendationState(StrEnum):
    NOT_STARTED = "not_started"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    LATE = "late"
    DONE = "done"
    STOPPED = "stopped"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @property
    def is_closed(self) -> bool:
        return self in (RecommendationState.DONE, RecommendationState.STOPPED)


class Timing(StrEnum):
    """What a day and today make of something that is owed."""

    NOTHING_OWED = "nothing_owed"
    NO_DAY = "no_day"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class RecommendationFacts:
    answer: RecommendationAnswer | None
    state: RecommendationState

    @property
    def owes_answer(self) -> bool:
        return not self.state.is_closed and (self.answer is None or not self.answer.is_final)

    @property
    def owes_action(self) -> bool:
        return not self.state.is_closed and self.answer is not None and self.answer.is_accepted


def timing(is_owed: bool, due_on: date | None, today: date) -> Timing:
    """Whether something owed is overdue; a day is met until it has passed."""
    if not is_owed:
        return Timing.NOTHING_OWED
    if due_on is None:
        return Timing.NO_DAY
    return Timing.OVERDUE if due_on < today else Timing.DUE


def answer_words(timing_: Timing, due_on: date | None, answer: RecommendationAnswer | None) -> str:
    """Answer with the day that one is owed, in words."""
    if timing_ is Timing.NOTHING_OWED:
        return answer.label if answer is not None else "No answer"
    before = f"{answer.label}, answer" if answer is not None else "Answer"
    if due_on is None:
        return f"{before} owed, with no day set"
    words = day_words(due_on)
    return f"{before} overdue since {words}" if timing_ is Timing.OVERDUE else f"{before} owed by {words}"
