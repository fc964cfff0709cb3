"""Targets, stored in the plan's words, which `domain.plan.target_words` parses."""

from typing import NotRequired

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Text
from typing_extensions import TypedDict

from app.domain.plan.target_shape import Applies
from app.models.author import AuthorOut
from app.models.column import Listed
from app.models.finding import ProblemError
from app.models.row import Recorded, TrackedRow
from app.models.wire import In, InstantText, Line, Number, PeriodText, PeriodWritten
from app.models.wire_enums import AppliesText


class Target(TrackedRow, Recorded, table=True):
    """One version of a target: in force for periods from `from_year` on, until a later version's. Never changed."""

    __table_args__ = (UniqueConstraint("plan_id", "indicator_id", "number"),)

    plan_id: int = Field(foreign_key="plan.id", index=True)
    indicator_id: int = Field(foreign_key="indicator.id", index=True)
    number: int
    words: str = Field(max_length=500)
    applies: str = Field(max_length=20)
    milestones: list[dict[str, str]] = Field(default_factory=list, sa_type=Listed)
    """`period` and `value`, as text so that the number stays exact."""
    from_period: str = Field(max_length=15)
    reason: str = Field(default="", sa_type=Text)


class MilestoneIn(In):
    period: PeriodText
    value: Number


class TargetIn(In):
    """Words such as "Lower than 41.4%", "Increase", "Target to be set in 2018"."""

    words: Line
    applies: Applies = Applies.EACH_YEAR
    milestones: list[MilestoneIn] = Field(default=[], max_length=200)
    from_period: PeriodText | None = None
    """First period it is in force for; absent, the financial year it is today."""


class MilestoneOut(TypedDict):
    period: PeriodWritten
    period_label: str
    value: int | float


class TargetOut(TypedDict):
    number: int | None
    words: str
    understood_as: str
    """ "strictly below 41.4%", or why the words cannot be judged."""
    judged: NotRequired[bool]
    """Whether figures are judged by it. Absent in what earlier releases froze."""
    not_judged_because: NotRequired[str]
    """Why they are not, and what to write instead; empty where they are. Absent as `judged` is."""
    value: int | float | None
    """The one number to draw a line at, where there is one."""
    applies: AppliesText
    applies_words: str
    milestones: list[MilestoneOut]
    from_period: PeriodWritten | None
    from_period_label: str | None
    recorded_at: InstantText | None
    recorded_by: str | None
    author: AuthorOut | None
    reason: str


class TargetReadingOut(TypedDict):
    """How a target would be understood, and what to know before it is saved."""

    words: str
    understood_as: str
    """ "below 85 each year", or why the words cannot be judged."""
    understood: bool
    """False where the words are only kept as they are written."""
    judged: bool
    """Whether figures would be judged by it."""
    not_judged_because: str
    """Why they would not be, and what to write instead; empty where they would."""
    warnings: list[ProblemError]
    """Of a verdict that would be lost, or a target that a worse figure would meet."""


class IndicatorTargetOut(TargetOut):
    """A version of a target, in a list of them."""

    id: str
    indicator: str
    plan: str
