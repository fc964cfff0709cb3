"""An uploaded file of figures with its preview: sending it sends exactly the rows previewed."""

from datetime import datetime
from typing import Any, Literal, NotRequired

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field
from typing_extensions import TypedDict

from app.models.column import Instant, Listed
from app.models.figures.submission import CountsOut, RowMessage, SheetReadOut
from app.models.link import Link
from app.models.row import TrackedRow
from app.models.wire import InstantText, PeriodWritten
from app.models.wire_enums import OutcomeText, UploadStateText


class Upload(TrackedRow, table=True):
    __table_args__ = (Index("ix_upload_caller", "caller", "id"),)

    partnership_id: int = Field(foreign_key="partnership.id")
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    """The uploader's agency; staff of the partnership have none."""
    caller: str = Field(max_length=64)
    """The uploader, as `Actor.caller`. They alone see and send it, with their access at that time."""
    name: str = Field(max_length=200)
    kind: str = Field(max_length=10)
    """csv or xlsx."""
    content: bytes = Field(sa_type=LargeBinary)
    """Emptied once it is sent or a week old."""
    state: str = Field(max_length=10, index=True)
    """waiting, ready, refused or sent."""
    done: int = 0
    total: int = 0
    """Number of rows in all; `done` of them are read and checked."""
    leased_until: datetime | None = Field(default=None, sa_type=Instant)
    """End of the lease of the worker that reads it."""
    attempts: int = 0
    """Attempts to parse it: after a few, a file that crashes every worker is refused."""
    counts: dict[str, int] | None = Field(default=None, sa_type=Listed)
    receipt: dict[str, Any] | None = Field(default=None, sa_type=Listed)
    problem: dict[str, Any] | None = Field(default=None, sa_type=Listed)
    submission_id: int | None = Field(default=None, foreign_key="submission.id")
    uploaded_at: datetime = Field(sa_type=Instant)
    uploaded_by: str = Field(max_length=200)


class UploadProblemOut(TypedDict):
    """Error for which the file could not be read."""

    code: str
    detail: str


class UploadOut(TypedDict):
    id: str
    name: str
    kind: Literal["csv", "xlsx"]
    state: UploadStateText
    """waiting to be checked, ready to send, refused until something is mended, or sent."""
    counts: CountsOut | None
    """Counts of rows by outcome, previewed or final; None while it waits, or if it could not be read."""
    problem: UploadProblemOut | None
    submission: Link | None
    may: list[Literal["submit", "submit_partial"]]
    """Steps open to the reader: sending all rows, or the valid ones only."""
    uploaded_at: InstantText
    uploaded_by: str


class UploadRowOut(TypedDict):
    """Preview of one row, for people."""

    row: int
    line: int
    """Of the file: the line or the sheet's row it begins on."""
    outcome: OutcomeText
    indicator: str | None
    indicator_title: str | None
    period: PeriodWritten | None
    period_label: str | None
    words: str | None
    """The figure as it would read."""
    was: str | None
    """The stored figure in words, if the row would revise or keep one."""
    sentence: str
    warnings: list[RowMessage]
    errors: list[RowMessage]
    notes: NotRequired[list[RowMessage]]
    """Cells that were understood otherwise than they are written, such as a rounded number."""
    sheet: NotRequired[str]
    """The sheet of a workbook it stands on, where several were read."""


class UploadWithRowsOut(UploadOut):
    done: int
    total: int
    """Rows read so far, of about how many."""
    left_empty: int
    """Rows of a template that were not filled in: they are still owed."""
    rows: list[UploadRowOut]
    read: list[SheetReadOut]
    """What was read and not read, sheet by sheet; empty until it is checked."""
