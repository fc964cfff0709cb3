"""A recommendation made to the partnership, and the history of its answers and its progress."""

from datetime import date
from typing import Literal

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Text
from typing_extensions import TypedDict

from app.domain.groups.recommendation import (
    RecommendationAnswer,
    RecommendationSource,
    RecommendationState,
    Timing,
)
from app.models.append_only import AppendOnly
from app.models.author import AuthorOut
from app.models.plan.partnership import NamedOut
from app.models.record.stored_file import FileReferenceOut
from app.models.row import Recorded, TrackedRow
from app.models.wire import Code, Day, DayText, In, InstantText, Line, OptionalLine, Prose, Reason


class Recommendation(TrackedRow, table=True):
    __table_args__ = (UniqueConstraint("partnership_id", "code"),)

    partnership_id: int = Field(foreign_key="partnership.id")
    position: int
    code: str = Field(max_length=80)
    source: str = Field(max_length=20)
    """`domain.groups.recommendation.RecommendationSource`."""
    source_title: str = Field(max_length=500)
    """Such as the inspection's name and month."""
    made_on: date | None = None
    text: str = Field(sa_type=Text)
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    """Agency that it is for; None where it is for the partnership as a whole."""
    owner: str | None = Field(default=None, max_length=80)
    """Code of a post."""
    answer: str | None = Field(default=None, max_length=20)
    """`RecommendationAnswer` of the newest answer."""
    answer_due_on: date | None = None
    answered_on: date | None = None
    due_on: date | None = None
    state: str = Field(default=RecommendationState.NOT_STARTED.value, max_length=20)
    """`RecommendationState` of the newest report."""
    note: str = Field(default="", sa_type=Text)


class RecommendationEvent(TrackedRow, Recorded, AppendOnly, table=True):
    """An answer to a recommendation, or a report of how far it is: one of `answer` and `state`."""

    __tablename__ = "recommendation_event"
    __table_args__ = (Index("ix_recommendation_event_recommendation_id", "recommendation_id"),)

    recommendation_id: int = Field(foreign_key="recommendation.id")
    day: date
    """Day that it was said, which may be before it was recorded."""
    answer: str | None = Field(default=None, max_length=20)
    state: str | None = Field(default=None, max_length=20)
    text: str = Field(default="", sa_type=Text)
    on_behalf_of: str = Field(default="", max_length=500)
    """Whose word it is, and how it came, where another entered it."""


class RecommendationEventOut(TypedDict):
    """One entry of the history."""

    day: DayText
    answer: RecommendationAnswer | None
    state: RecommendationState | None
    label: str
    text: str
    on_behalf_of: str
    author: AuthorOut
    recorded_at: InstantText


class RecommendationOut(TypedDict):
    id: str
    code: str
    source: RecommendationSource
    source_label: str
    source_title: str
    made_on: DayText | None
    text: str
    agency: NamedOut | None
    owner: NamedOut | None
    answer: RecommendationAnswer | None
    answer_due_on: DayText | None
    answered_on: DayText | None
    answer_timing: Timing
    answer_words: str
    due_on: DayText | None
    state: RecommendationState
    state_label: str
    due_timing: Timing
    latest: str
    """Newest sentence of an answer or a report."""
    note: str
    version: int
    may: list[Literal["answer", "report", "reopen"]]


class RecommendationWithHistoryOut(RecommendationOut):
    history: list[RecommendationEventOut]
    """Oldest first."""
    evidence: list[FileReferenceOut]
    """Empty for a caller outside the partnership's information-sharing agreement."""


class RecommendationIn(In):
    EXAMPLE = {
        "source": "scrutiny",
        "source_title": "Corporate Overview and Scrutiny Committee, 20 December 2017",
        "made_on": "2017-12-20",
        "text": "Report on how the two risk conferences are run",
        "answer_due_on": "2018-01-17",
    }

    code: Code | None = None
    source: RecommendationSource
    source_title: Line
    made_on: Day | None = None
    text: Reason
    agency: Code | None = None
    owner: Code | None = None
    answer_due_on: Day | None = None
    due_on: Day | None = None
    note: Prose = ""


class RecommendationPatch(In):
    """What is absent stays. A day, the agency or the owner is emptied by null."""

    EXAMPLE = {"due_on": "2018-03-30", "reason": "Agreed with the inspectors"}

    source: RecommendationSource | None = None
    source_title: Line | None = None
    made_on: Day | None = None
    text: Reason | None = None
    agency: Code | None = None
    owner: Code | None = None
    answer_due_on: Day | None = None
    due_on: Day | None = None
    note: Prose | None = None
    reason: Reason


class AnswerIn(In):
    EXAMPLE = {"answer": "accepted", "text": "To be reviewed by March"}

    answer: RecommendationAnswer
    text: Reason
    day: Day | None = None
    on_behalf_of: OptionalLine = ""


class ProgressIn(In):
    EXAMPLE = {
        "state": "on_track",
        "text": "Both conferences observed",
        "on_behalf_of": "Chair, by telephone",
    }

    state: RecommendationState
    text: Reason
    day: Day | None = None
    on_behalf_of: OptionalLine = ""
