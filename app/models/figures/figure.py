"""One value of one indicator for one measured period, area and breakdown, with all its revisions."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import BigInteger, Field, SQLModel, Text
from typing_extensions import TypedDict

from app.models.append_only import AppendOnly
from app.models.author import AuthorOut
from app.models.column import Exact, Instant
from app.models.link import Link
from app.models.wire import (
    Code,
    Day,
    DayText,
    In,
    InstantText,
    Number,
    PeriodText,
    PeriodWritten,
    Prose,
    Reason,
    WholeNumber,
)
from app.models.wire_enums import AudienceText, FigureStatusText, HiddenReasonText, MissingText, QualifierText

Values = dict[str, Any]
"""Every column of FigureValue, by name."""
LONGEST_BREAKDOWN = 400
"""Characters of all its dimensions and parts together, written `name=part;name=part`."""


class FigureValue(SQLModel):
    """Content of a figure. Absence is a `missing` reason, never a zero."""

    value: Decimal | None = Field(default=None, sa_type=Exact)
    numerator: Decimal | None = Field(default=None, sa_type=Exact)
    denominator: Decimal | None = Field(default=None, sa_type=Exact)
    sample_size: int | None = None
    margin: Decimal | None = Field(default=None, sa_type=Exact)
    margin_level: Decimal | None = Field(default=None, sa_type=Exact)
    margin_of: str | None = Field(default=None, max_length=10)
    status: str = Field(max_length=11)
    qualifier: str = Field(max_length=5)
    missing: str | None = Field(default=None, max_length=20)
    expected_on: date | None = None
    note: str = Field(default="", sa_type=Text)


class Figure(FigureValue, table=True):
    """A figure's identity and newest revision, in one row so that a series is one index range."""

    __table_args__ = (
        UniqueConstraint("indicator_id", "area_code", "breakdown", "last_month", "first_month"),
        Index("ix_figure_seq", "seq"),
        Index("ix_figure_area", "area_code", "id"),
        Index("ix_figure_indicator", "indicator_id", "id"),
        Index("ix_figure_month", "indicator_id", "last_month", "id", "first_month"),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Assigned by `commands.figure_store`: writers are serial, so no sequence is needed."""
    indicator_id: int = Field(foreign_key="indicator.id")
    area_code: str = Field(max_length=80)
    breakdown: str = Field(default="", max_length=LONGEST_BREAKDOWN)
    """Empty for the whole, else `strand=race`, dimensions in alphabetical order, joined by `;`."""
    first_month: int
    last_month: int
    """Months since year 0 (year x 12 + month - 1): `domain.period.Period` counts so."""
    revision: int = 1
    recorded_at: datetime = Field(sa_type=Instant)
    submission_id: int = Field(foreign_key="submission.id", index=True)
    seq: int = Field(sa_type=BigInteger)


class FigureRevision(FigureValue, AppendOnly, table=True):
    """Content of a figure from `recorded_at` on. The database itself refuses to change or delete one."""

    __tablename__ = "figure_revision"
    __table_args__ = (Index("ix_figure_revision_submission", "submission_id", "figure_id"),)

    figure_id: int = Field(foreign_key="figure.id", primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reason: str = Field(default="", sa_type=Text)
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str = Field(max_length=200)
    """Its submission has the author in columns of their own, too."""
    submission_id: int = Field(foreign_key="submission.id")
    seq: int = Field(sa_type=BigInteger)


class FigureIn(In):
    """One row of a submission."""

    indicator: Code
    period: PeriodText
    area: Code | None = None
    breakdown: dict[Code, Code] = Field(
        default_factory=dict, schema_extra={"json_schema_extra": {"default": {}}}
    )
    value: Number | None = None
    numerator: Number | None = None
    denominator: Number | None = None
    sample_size: WholeNumber | None = None
    margin: Number | None = None
    margin_level: Number | None = None
    margin_of: Literal["wave", "difference"] | None = None
    status: Literal["provisional", "final", "estimated", "forecast"] = "provisional"
    qualifier: Literal["exact", "about", "over", "under"] = "exact"
    missing: Literal["not_available", "confidential", "not_applicable", "not_collected", "awaited"] | None = (
        None
    )
    expected_on: Day | None = None
    note: Prose = ""
    reason: Reason | None = None
    """Required where it changes a figure already there."""


class FiguresIn(In):
    figures: list[FigureIn] = Field(min_length=1, max_length=20_000)


class FigureOut(TypedDict):
    id: str
    indicator: str
    indicator_title: str
    period: PeriodWritten
    period_start: DayText
    period_end: DayText
    period_label: str
    area: str
    breakdown: dict[str, str]
    value: int | float | None
    words: str
    mark: str
    numerator: int | float | None
    denominator: int | float | None
    sample_size: int | None
    margin: int | float | None
    margin_level: int | float | None
    margin_of: str | None
    status: FigureStatusText
    qualifier: QualifierText
    missing: MissingText | None
    withheld: HiddenReasonText | None
    """Why it is not shown, where there is a figure that the caller may not see: `missing` is then confidential."""
    expected_on: DayText | None
    note: str
    released_to: AudienceText | None
    """Audience that may see it today; None for a reader outside it."""
    release_from: DayText | None
    """Day on which an approved release next changes the audience; None for a reader outside it."""
    revision: int
    revised_after_close: bool
    """Whether it was created or revised after its quarter was closed."""
    recorded_at: InstantText
    submission: Link | None


class RevisionOut(TypedDict):
    number: int
    value: int | float | None
    words: str
    mark: str
    numerator: int | float | None
    denominator: int | float | None
    status: FigureStatusText
    qualifier: QualifierText
    missing: MissingText | None
    withheld: HiddenReasonText | None
    expected_on: DayText | None
    note: str
    reason: str
    recorded_at: InstantText
    recorded_by: str
    author: AuthorOut
    submission: Link | None
    """None for a reader who may not see it: another agency sent it."""


class SeriesPointOut(TypedDict):
    """A figure in its place in the series, with the same period a year before."""

    figure: Link | None
    period: PeriodWritten
    period_label: str
    period_start: DayText
    period_end: DayText
    axis_label: str
    """The period's name along an axis: "Q2", "Sep", "2017/18"."""
    axis_year: str
    """Second line of the axis label, where the first has no year: "2017/18", "2017"."""
    value: int | float | None
    words: str
    mark: str
    status: FigureStatusText | None
    missing: MissingText | None
    withheld: HiddenReasonText | None
    note: str
    revision: int | None
    revised: bool
    revised_after_close: bool
    recorded_at: InstantText | None
    recorded_by: str | None
    author: AuthorOut | None
    year_before: int | float | None
    year_before_words: str
    change_words: str
    """ "-4.6%", "+0.9 points", or why the two are not compared."""
    target: int | float | None
    """The target's level in this period: the profiled share of a yearly count, or the target itself."""


class SeriesBreakOut(TypedDict):
    from_period: PeriodWritten
    from_label: str
    reason: str
    backcast: bool


class NotAddedUpOut(TypedDict):
    """A period whose figures have no total, and why."""

    period: PeriodWritten
    period_label: str
    reason: str
    """ "not a total: Q3 2017/18 (October to December 2017) missing"."""


class SeriesOut(TypedDict):
    indicator: str
    title: str
    unit: str
    decimals: int
    zero_based: bool
    area: str
    breakdown: dict[str, str]
    period_label: str
    points: list[SeriesPointOut]
    """The figures of one length, and totals of shorter ones where all parts are there: those have no `figure`."""
    not_added_up: list[NotAddedUpOut]
    """Periods of the length that was asked for whose figures have no total."""
    baseline: int | float | None
    baseline_period: PeriodWritten | None
    baseline_words: str
    baseline_level: int | float | None
    """Where to draw the baseline among these figures: a yearly count's even share of one of their periods."""
    baseline_level_label: str
    breaks: list[SeriesBreakOut]
    limits: dict[str, int | float] | None
    limits_reason: str | None
    signals: list[str] | None
