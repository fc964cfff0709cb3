"""A quarter that the partnership reports on: its dates, its cut-off with the snapshot, its close."""

from datetime import date
from typing import Any, Literal

from sqlalchemy import Index
from sqlmodel import BigInteger, Field, Text
from typing_extensions import TypedDict

from app.models.append_only import AppendOnly
from app.models.author import AuthorOut
from app.models.column import Listed
from app.models.link import Link
from app.models.plan.indicator import ScorecardItemOut
from app.models.returns.agency_return import ReturnOut
from app.models.row import Recorded, TrackedRow
from app.models.wire import Day, DayText, In, InstantText, PeriodWritten, Prose, Reason
from app.models.wire_enums import PeriodStateText


class PeriodEvent(TrackedRow, Recorded, AppendOnly, table=True):
    """One step of a quarter. The newest of a kind counts. The database refuses to change or delete one."""

    __tablename__ = "period_event"
    __table_args__ = (Index("ix_period_event_period", "partnership_id", "first_month"),)

    partnership_id: int = Field(foreign_key="partnership.id")
    first_month: int
    kind: str = Field(max_length=20)
    """`domain.reporting.StepKind`: planned, cut_off, closed, reopened."""
    cut_off_on: date | None = None
    board_on: date | None = None
    """Dates that a `planned` step sets."""
    reason: str = Field(default="", sa_type=Text)
    seq: int = Field(default=None, sa_type=BigInteger, index=True)


class Snapshot(TrackedRow, AppendOnly, table=True):
    """The figures, ratings and reasons at a cut-off. The database refuses to change or delete one."""

    event_id: int = Field(foreign_key="period_event.id", unique=True)
    items: list[dict[str, Any]] = Field(default_factory=list, sa_type=Listed)
    """Lines of the scorecard for the quarter, as the partnership saw them."""
    late: list[dict[str, Any]] = Field(default_factory=list, sa_type=Listed)
    """Figures owed and not there."""


class PeriodPatch(In):
    """When the quarter is cut off, and when the Board meets; null takes a date away."""

    EXAMPLE = {"cut_off_on": "2017-12-08", "board_on": "2017-12-15"}

    cut_off_on: Day | None = None
    board_on: Day | None = None


class StepIn(In):
    EXAMPLE = {"note": "Papers go out on Monday"}

    note: Prose = ""


class ReopenIn(In):
    EXAMPLE = {"reason": "The force restated its count of burglaries"}

    reason: Reason


class PeriodOut(TypedDict):
    """A quarter, and its state."""

    id: str
    period: PeriodWritten
    period_label: str
    period_start: DayText
    period_end: DayText
    state: PeriodStateText
    label: str
    words: str
    """The state in words, with author and time."""
    cut_off_on: DayText | None
    board_on: DayText | None
    cut_off_at: InstantText | None
    """Pass it as `as_known_at` to read figures as known at the cut-off."""
    cut_off_by: str | None
    closed_at: InstantText | None
    closed_by: str | None
    reopened_at: InstantText | None
    reopened_by: str | None
    reopened_because: str | None
    period_name: str
    """The label without its months: "Q2 2017/18"."""
    decision: Link | None
    """The newest about the quarter, such as its cut-off."""


class PeriodWithStepsOut(PeriodOut):
    may: list[Literal["plan", "cut_off", "close", "reopen"]]


class LateItemOut(TypedDict):
    """A figure owed and missing at the cut-off."""

    indicator: str
    title: str
    agency: str
    period_label: str
    words: str
    """Its status then: overdue, or promised for a day."""


class ArrivalOut(TypedDict):
    """A figure created or revised after the cut-off or the close."""

    figure: Link
    indicator: str
    title: str
    period_label: str
    words: str
    before: str
    """The earlier figure in words; empty if there was none."""
    reason: str
    recorded_at: InstantText
    recorded_by: str
    author: AuthorOut


class ChecklistOut(PeriodOut):
    """A quarter, with all that has to be settled before its close."""

    expected: int
    received: int
    checked: int
    """Figures in returns that have been checked."""
    outstanding: list[ReturnOut]
    """Returns not yet checked, those that need somebody first."""
    late_items: list[LateItemOut]
    arrivals: list[ArrivalOut]
    """Since the cut-off."""
    corrections: list[ArrivalOut]
    """Of closed quarters, revised after their close and since the newest close."""


class SnapshotOut(TypedDict):
    """The figures, ratings and reasons frozen at the cut-off."""

    period: PeriodWritten
    period_label: str
    taken_at: InstantText
    taken_by: str
    items: list[ScorecardItemOut]
    late_items: list[LateItemOut]
