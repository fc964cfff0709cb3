"""An agency's return for a quarter: its events, and a form being filled in.

The figures owed and the status are computed from indicators and figures; only people's acts are stored.
"""

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import BigInteger, Field, Text
from typing_extensions import TypedDict

from app.models.append_only import AppendOnly
from app.models.author import AuthorOut
from app.models.column import Instant, Listed
from app.models.link import Link
from app.models.plan.partnership import NamedOut
from app.models.row import Recorded, TrackedRow
from app.models.wire import Code, Day, DayText, In, InstantText, Line, PeriodWritten, Prose, Reason
from app.models.wire_enums import (
    FigureStatusText,
    MeasureText,
    MissingText,
    QualifierText,
    QueryStateText,
    ReturnStateText,
    ToneText,
)


class ReturnEvent(TrackedRow, Recorded, AppendOnly, table=True):
    """One event in the conversation about a return. The database refuses to change or delete one."""

    __tablename__ = "return_event"
    __table_args__ = (Index("ix_return_event_return", "partnership_id", "first_month", "agency_id"),)

    partnership_id: int = Field(foreign_key="partnership.id")
    agency_id: int = Field(foreign_key="agency.id")
    first_month: int
    """Of the quarter, as `domain.period.Period` counts."""
    kind: str = Field(max_length=20)
    """`domain.returns.EventKind`."""
    text: str = Field(default="", sa_type=Text)
    promised_on: date | None = None
    indicators: list[str] = Field(default_factory=list, sa_type=Listed)
    """Codes of the indicators it is about; none where it is about the whole return."""
    submission_id: int | None = Field(default=None, foreign_key="submission.id")
    seq: int = Field(default=None, sa_type=BigInteger, index=True)


class ReturnDraft(TrackedRow, table=True):
    """A form partly filled in. Only its agency sees it."""

    __tablename__ = "return_draft"
    __table_args__ = (UniqueConstraint("partnership_id", "agency_id", "first_month"),)

    partnership_id: int = Field(foreign_key="partnership.id")
    agency_id: int = Field(foreign_key="agency.id")
    first_month: int
    rows: list[dict[str, Any]] = Field(default_factory=list, sa_type=Listed)
    """As they were written, right or wrong, by name of field."""
    version: int = 1
    saved_at: datetime = Field(sa_type=Instant)
    saved_by: str = Field(max_length=200)


class LateIn(In):
    """Reason for being late, and the promised day: reminders stop."""

    EXAMPLE = {"reason": "The records system was replaced in October", "promised_on": "2018-01-12"}

    reason: Reason
    promised_on: Day


class NilIn(In):
    """Nothing to report: 0 for counts of events, this reason for the rest."""

    EXAMPLE = {"missing": "not_applicable", "note": "No session was held this quarter"}

    missing: Literal["not_available", "not_applicable", "not_collected"] = "not_applicable"
    note: Prose = ""


class RemarkIn(In):
    """A query or an answer; `indicators` where it is about some of them."""

    EXAMPLE = {"text": "Is this all incidents, or those closed?", "indicators": ["asb-incidents"]}

    text: Reason
    indicators: list[Code] = Field(
        default_factory=list, max_length=500, schema_extra={"json_schema_extra": {"default": []}}
    )


class QueryEndIn(In):
    """Ends queries: those about these indicators alone, or every one."""

    EXAMPLE = {"text": "The force confirms the count", "indicators": ["asb-incidents"]}

    text: Prose = ""
    indicators: list[Code] = Field(
        default_factory=list, max_length=500, schema_extra={"json_schema_extra": {"default": []}}
    )


class NoteIn(In):
    EXAMPLE = {"text": "Agreed with the duty sergeant"}

    text: Prose = ""


class DraftIn(In):
    """The form as far as it is filled in; each row by name of field, right or wrong."""

    EXAMPLE = {"rows": [{"indicator": "asb-incidents", "period": "2017-18-Q2", "value": "4,20"}]}

    rows: list[dict[Line, Prose]] = Field(max_length=2_000)


class DraftOut(TypedDict):
    rows: list[dict[str, str]]
    saved_at: InstantText | None
    saved_by: str | None
    version: int


class ReturnItemOut(TypedDict):
    """One figure owed."""

    indicator: str
    title: str
    measure: MeasureText
    unit: str
    nil: int | None
    """Value in a nil return: 0, or None with a missing reason."""
    period: PeriodWritten
    period_label: str
    due_on: DayText
    available_on: DayText
    figure: Link | None
    figure_period: PeriodWritten | None
    """Period of the figure that counts for it, which may be longer than the period owed, or end earlier."""
    value: int | float | None
    numerator: int | float | None
    denominator: int | float | None
    status: FigureStatusText | None
    qualifier: QualifierText | None
    sample_size: int | None
    margin: int | float | None
    margin_level: int | float | None
    margin_of: str | None
    words: str
    """The figure in words, or "nothing sent"."""
    note: str
    missing: MissingText | None
    expected_on: DayText | None
    received_at: InstantText | None
    late: bool
    changed: bool
    """Whether it changed since the return was last checked or queried."""
    queried: bool
    before: str
    """The period before, in words; empty where there is none."""
    year_before: str
    checked: bool
    """Whether staff have checked it, and neither it nor a query about it has come since."""
    may: list[Literal["send"]]
    """Empty if the reader does not send it: after the close another agency may have taken it over."""


class ReturnEventOut(TypedDict):
    id: str
    kind: str
    label: str
    text: str
    promised_on: DayText | None
    indicators: list[str]
    submission: Link | None
    """Of a nil return; None for a reader who may not see it."""
    recorded_at: InstantText
    recorded_by: str
    author: AuthorOut


class ReturnQueryOut(TypedDict):
    """A query about a return. It is open until it is answered; it ends by its own figures, or by staff."""

    id: str
    """Of its event in the conversation."""
    state: QueryStateText
    indicators: list[str]
    """Codes of the indicators it is about; all of the return where the query names none."""
    asked_at: InstantText
    answered_at: InstantText | None
    ended_at: InstantText | None


class ReturnOut(TypedDict):
    """An agency's return for a quarter, and its status."""

    id: str
    agency: NamedOut
    period: PeriodWritten
    period_label: str
    period_start: DayText
    period_end: DayText
    state: ReturnStateText
    label: str
    tone: ToneText
    words: str
    """Detail of the status: "20 days", "promised for 22 December 2017"."""
    detail: str
    """The same as a sentence that goes on from the label: "Overdue" "by 20 days; 2 of 4 figures are in"."""
    due_on: DayText
    """The day everything of it is due; it does not move as figures come in."""
    next_due_on: DayText | None
    """The first day on which a missing figure is due; None with none missing."""
    is_overdue: bool
    """Whether a missing figure is past its day with no promise that holds; a queried return may be overdue too."""
    expected: int
    received: int
    checked: int
    """Received and checked, with no change and no query of theirs since."""
    on_time: int
    late: int
    promised_on: DayText | None
    signed_off_at: InstantText | None
    signed_off_by: str | None
    checked_at: InstantText | None
    checked_by: str | None
    nil: bool
    queries: int
    """Number of queries so far."""
    query_list: list[ReturnQueryOut]
    """Each of them, oldest first."""
    period_name: str
    """The label without its months: "Q2 2017/18"."""
    waits_for: Literal["agency", "partnership"] | None
    """The side whose step is next; None if none is due."""


class ReturnWithItemsOut(ReturnOut):
    items: list[ReturnItemOut]
    conversation: list[ReturnEventOut]
    period_state: str
    """Of the quarter: open, cut_off or closed."""
    may: list[Literal["send", "nil", "late", "sign_off", "query", "answer", "check", "remind"]]
    may_end_query: bool
    """Whether the reader may end a query that is left."""
