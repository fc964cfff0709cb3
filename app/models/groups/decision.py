"""A decision, of a group or another body, and what it decided."""

from datetime import date
from typing import Annotated, Literal

from pydantic import StringConstraints
from pydantic.functional_validators import AfterValidator
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import BigInteger, Field, Text
from typing_extensions import TypedDict

from app.domain.groups.decision import DecisionOutcome, DecisionRoute, DecisionState
from app.models.author import AuthorOut
from app.models.link import Link
from app.models.plan.partnership import NamedOut
from app.models.row import Recorded, TrackedRow
from app.models.wire import (
    Code,
    Day,
    DayText,
    In,
    InstantText,
    Number,
    Prose,
    Reason,
    WholeNumber,
    one_line,
)


class Decision(TrackedRow, Recorded, table=True):
    """A decision. What it decided may name it, and it names that by collection and id, as an address does."""

    __table_args__ = (
        UniqueConstraint("partnership_id", "code"),
        Index("ix_decision_subject", "partnership_id", "subject_kind", "subject_ref"),
    )

    partnership_id: int = Field(foreign_key="partnership.id")
    code: str = Field(max_length=80)
    group_id: int | None = Field(default=None, foreign_key="partnership_group.id", index=True)
    """None for a decision of another body."""
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)
    number: int | None = None
    """Of the item at the meeting that it was made on."""
    route: str = Field(max_length=20)
    """`domain.groups.decision.DecisionRoute`."""
    decided_on: date
    text: str = Field(sa_type=Text)
    outcome: str = Field(max_length=30)
    """`domain.groups.decision.DecisionOutcome`."""
    reasons: str = Field(default="", sa_type=Text)
    conditions: str = Field(default="", sa_type=Text)
    amount: int | None = Field(default=None, sa_type=BigInteger)
    """Money that it grants or refuses, in pence."""
    evidence: str = Field(default="", sa_type=Text)
    """A letter and its day, where no meeting stands for it."""
    subject_kind: str | None = Field(default=None, max_length=40)
    """Collection of what it decided: `plans`, `reporting-periods`."""
    subject_ref: str | None = Field(default=None, max_length=200)
    """Id or code of what it decided, in that collection."""
    ratified_at_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)
    """The meeting that ratified it."""
    on_behalf_of: str | None = Field(default=None, max_length=80)
    """Code of the post whose word this is, where somebody else entered it."""
    heard_how: str = Field(default="", max_length=500)
    """ "By telephone, 12 October"."""


class MeetingRefOut(TypedDict):
    """A meeting by its code, with its group and day in words."""

    code: str
    day: DayText
    words: str


class DecisionSubjectIn(In):
    """What was decided, as its address ends: `reporting-periods` and `2017-18-Q2`."""

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z-]{1,40}$")]
    ref: Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(one_line)]


class DecisionIn(In):
    """A decision of a meeting; of a group's chair between meetings; or, with neither, of another body."""

    EXAMPLE = {"meeting": "board-2017-09-22", "text": "The register of risks is approved"}

    text: Reason
    meeting: Code | None = None
    group: Code | None = None
    number: WholeNumber | None = None
    """Of the item that it was made on."""
    decided_on: Day | None = None
    """Needed where there is no meeting."""
    code: Code | None = None
    outcome: DecisionOutcome = DecisionOutcome.AGREED
    reasons: Prose = ""
    conditions: Prose = ""
    amount: Number | None = None
    """Pounds."""
    evidence: Prose = ""
    subject: DecisionSubjectIn | None = None
    on_behalf_of: Code | None = None
    heard_how: Annotated[str, Field(max_length=500), AfterValidator(one_line)] = ""


class DecisionPatch(In):
    """What is absent stays. Who decided, and when, stays."""

    EXAMPLE = {"conditions": "That the return for September is accepted"}

    text: Reason | None = None
    number: WholeNumber | None = None
    outcome: DecisionOutcome | None = None
    reasons: Prose | None = None
    conditions: Prose | None = None
    amount: Number | None = None
    evidence: Prose | None = None
    subject: DecisionSubjectIn | None = None
    on_behalf_of: Code | None = None
    heard_how: Annotated[str, Field(max_length=500), AfterValidator(one_line)] | None = None


class RatifyIn(In):
    """The meeting that ratified it: a later one that was held, of the group or of one above it."""

    EXAMPLE = {"meeting": "board-2017-09-22"}

    meeting: Code


class DecisionOut(TypedDict):
    id: str
    code: str
    group: NamedOut | None
    meeting: MeetingRefOut | None
    number: int | None
    route: DecisionRoute
    route_label: str
    decided_on: DayText
    text: str
    outcome: DecisionOutcome
    outcome_label: str
    reasons: str
    conditions: str
    amount: int | float | None
    """Pounds."""
    evidence: str
    subject_kind: str | None
    subject_ref: str | None
    subject: Link | None
    """What it decided."""
    state: DecisionState
    state_label: str
    ratified_at: MeetingRefOut | None
    on_behalf_of: NamedOut | None
    heard_how: str
    recorded_at: InstantText
    author: AuthorOut
    may: list[Literal["ratify"]]
    version: int
