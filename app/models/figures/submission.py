"""One act of sending figures, with its receipt."""

from typing import Any, NotRequired

from sqlalchemy import Index
from sqlmodel import BigInteger, Field
from typing_extensions import TypedDict

from app.models.author import AuthorOut
from app.models.column import Listed
from app.models.link import Link
from app.models.row import Recorded, TrackedRow
from app.models.wire import InstantText, PeriodWritten
from app.models.wire_enums import OutcomeText, ReceiptStatusText, ViaText


class Submission(TrackedRow, Recorded, table=True):
    __table_args__ = (
        Index("ix_submission_partnership", "partnership_id", "id"),
        Index("ix_submission_agency", "agency_id", "id"),
        Index("ix_submission_recorded", "recorded_at", "via", "id"),
    )

    partnership_id: int = Field(foreign_key="partnership.id")
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    """The agency that sent it; None for figures of a plan document."""
    via: str = Field(max_length=20)
    """json, csv, xlsx, form, nil_return or plan_document."""
    status: str = Field(max_length=20)
    counts: dict[str, int] = Field(default_factory=dict, sa_type=Listed)
    rows: list[dict[str, Any]] = Field(default_factory=list, sa_type=Listed)
    seq: int = Field(default=None, sa_type=BigInteger, index=True)


class RowMessage(TypedDict):
    """An error in a row, or a warning; programs branch on `code`.

    A warning never stops a row. It asks for a `note`, and says when there is one. Its codes:
    `percentage_as_fraction` and `ten_times` (a decimal point in another place, by the neighbouring figures, else by
    the baseline or target), `year_to_date` (a running total for a quarter), `number_for_note` and `small_sample` (as
    an unquoted decimal comma makes them), `margin_as_fraction`, `parts_rounded_down`, `rule_broken` (see `/rules`),
    `parts_differ_from_total`, `areas_differ_from_total` (the districts against the partnership's own area),
    `total_does_not_recompute` (a year against its quarters), `published_change_disagrees`,
    `outside_usual_range` (natural process limits of the last 12 comparable figures; of their changes on the year
    before where that shows a season) and `unusual_length`. A row carries the two most telling.

    Beside errors of a row by itself, these come from other figures, sent or stored:
    `parts_exceed_total` and `rule_broken`, on every row sent that has a part in it.
    """

    field: str | None
    code: str
    message: str


class FigureNowOut(TypedDict):
    """The figure of a receipt's row as it is now; in words that say so where the reader may not see it."""

    words: str
    mark: str
    breakdown: dict[str, str]
    revised_since: bool
    """Whether it was revised after this submission."""


class RowOut(TypedDict):
    row: int
    line: NotRequired[int]
    """Of a file: the line the row begins on."""
    sheet: NotRequired[str]
    """Of a workbook: the sheet it stands on."""
    outcome: OutcomeText
    """created, revised, unchanged, rejected or not_stored."""
    figure: Link | None
    """The figure that the row created or revised, left unchanged, or would have changed."""
    now: NotRequired[FigureNowOut | None]
    """Of a stored receipt: the figure as it is now; null for a row without one."""
    indicator: str | None
    """Its code."""
    indicator_title: str | None
    period: PeriodWritten | None
    period_label: str | None
    words: str | None
    """The row in words; None if it could not be parsed."""
    warnings: list[RowMessage]
    errors: list[RowMessage]
    notes: NotRequired[list[RowMessage]]
    """Of a file: cells that were understood otherwise than they are written, such as a rounded number."""


class SheetReadOut(TypedDict):
    """What was read of a sheet, or of a whole CSV file, whose `sheet` is null."""

    sheet: str | None
    rows: int
    """Figures read from it; 0 where it was passed over."""
    left_out: int
    """Hidden rows that were not read."""
    messages: list[str]
    """What was not read, and why."""


class CountsOut(TypedDict):
    created: int
    revised: int
    unchanged: int
    rejected: int
    not_stored: int


class ReceiptOut(TypedDict):
    id: str | None
    dry_run: bool
    status: ReceiptStatusText
    counts: CountsOut
    rows: list[RowOut]
    read: NotRequired[list[SheetReadOut]]
    """Of a file: what was read, sheet by sheet."""


class SubmissionOut(TypedDict):
    id: str
    agency: str | None
    via: ViaText
    status: ReceiptStatusText
    counts: CountsOut
    recorded_at: InstantText
    recorded_by: str
    author: AuthorOut


class SubmissionWithRowsOut(SubmissionOut):
    rows: list[RowOut]
    read: list[SheetReadOut]
    """Of a file that was uploaded and then sent: what was read, sheet by sheet."""
