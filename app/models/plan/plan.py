"""A plan. A refresh is a new row of the same code with the next version; nothing of the old one is lost."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Text
from typing_extensions import TypedDict

from app.models.column import Instant, Listed
from app.models.link import Link
from app.models.row import TrackedRow
from app.models.wire import DayText, PeriodWritten
from app.models.wire_enums import PlanStatusText


class Plan(TrackedRow, table=True):
    __table_args__ = (UniqueConstraint("partnership_id", "code", "version"),)

    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    code: str = Field(max_length=80)
    version: int
    title: str = Field(max_length=500)
    status: str = Field(max_length=20)
    """draft, adopted or superseded."""
    first_year: str = Field(max_length=7)
    last_year: str = Field(max_length=7)
    baseline_period: str | None = Field(default=None, max_length=15)
    """Period in the heading of the baseline column, where the plan gives one."""
    adopted_on: date | None = None
    in_force_at: datetime | None = Field(default=None, sa_type=Instant)
    """Time from which this version is in force as adopted; None: for as long as is known."""
    aligned_with: list[str] = Field(default_factory=list, sa_type=Listed)
    principles: list[str] = Field(default_factory=list, sa_type=Listed)
    emerging_issues: list[dict[str, str]] = Field(default_factory=list, sa_type=Listed)
    """`title` and `text`."""
    source: str = Field(default="", sa_type=Text)
    note: str = Field(default="", sa_type=Text)


class EmergingIssueOut(TypedDict):
    title: str
    text: str


class PlanOut(TypedDict):
    id: str
    code: str
    version: int
    title: str
    status: PlanStatusText
    first_year: PeriodWritten
    last_year: PeriodWritten
    period_label: str
    """ "2017/18 to 2019/20"."""
    period_start: DayText
    period_end: DayText
    baseline_period: PeriodWritten | None
    adopted_on: DayText | None
    aligned_with: list[str]
    principles: list[str]
    emerging_issues: list[EmergingIssueOut]
    source: str
    note: str
    decision: Link | None
    """The newest about this version."""


class ReportingPeriodOut(TypedDict):
    period: PeriodWritten
    label: str


class PlanWithPeriodsOut(PlanOut):
    periods: list[ReportingPeriodOut]
    """Quarters to choose from, newest first."""


class AttentionOut(TypedDict):
    """A task for an officer."""

    code: str
    indicator: str | None
    message: str


class TonesOut(TypedDict):
    good: int
    near: int
    bad: int
    none: int


class SummaryOut(TypedDict):
    period: PeriodWritten
    period_label: str
    as_known_at: DayText | None
    has_begun: bool
    """Whether the plan has begun; before its first day it owes no figure."""
    counts: TonesOut
    counts_label: str
    attention: list[AttentionOut]


class PlanCheckOut(TypedDict):
    code: str
    indicator: str | None
    priority: str | None
    message: str


class ImportWarningOut(TypedDict):
    line: int
    code: str
    message: str


class ReadTargetOut(TypedDict):
    """A target that an import adds, and how it is understood."""

    line: int
    indicator: str
    words: str
    understood_as: str
    judged: bool
    not_judged_because: str


class ImportOut(TypedDict):
    """Result of an import, or in a dry run its preview."""

    dry_run: bool
    counts: dict[str, int]
    changes: list[str]
    warnings: list[ImportWarningOut]
    left_alone: list[str]
    """Stored rows that the document does not name: an import never deletes."""
    targets: list[ReadTargetOut]
    """The targets that it adds, each as it is understood."""
