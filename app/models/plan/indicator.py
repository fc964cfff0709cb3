"""Indicators: their table, edits, and lines of the scorecard."""

from typing import Literal

from pydantic import Field as Described
from pydantic import StrictBool
from sqlalchemy import UniqueConstraint
from sqlmodel import Field
from typing_extensions import TypedDict

from app.models.plan.baseline import BaselineIn, BaselineOut
from app.models.plan.definition import Definition
from app.models.plan.partnership import NamedOut
from app.models.plan.target import TargetIn, TargetOut
from app.models.row import TrackedRow
from app.models.wire import Code, Days, DayText, In, Line, Number, PeriodWritten, Prose, Reason
from app.models.wire_enums import (
    AddsUpText,
    AgreementText,
    AudienceText,
    DirectionText,
    FigureStatusText,
    FrequencyText,
    HiddenReasonText,
    MeasureText,
    MissingText,
    PolarityText,
    RatingStatusText,
    ToneText,
    WindowText,
)

IndicatorStep = Literal["edit", "post", "release"]


class Indicator(TrackedRow, Definition, table=True):
    """Codes are the partnership's own, unique in it. `domain.indicator.Indicator` is the part judging needs."""

    __table_args__ = (UniqueConstraint("partnership_id", "code"),)

    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    position: int
    code: str = Field(max_length=80)
    responsible_agency_id: int | None = Field(default=None, foreign_key="agency.id", index=True)
    version: int = 1
    """Goes up by one with each edit of the indicator, its baseline or its target: If-Match compares it."""


class IndicatorPatch(In):
    """Changes the fields named. A changed target is a new version from `target.from_period` on."""

    EXAMPLE = {
        "target": {"words": "Lower than 40%", "from_period": "2018-19"},
        "reason": "Agreed by the Board in March 2018",
    }

    title: Line | None = None
    definition: Prose | None = None
    responsible_agency: Code | None = None
    suppliers: list[Code] | None = Field(default=None, max_length=100)
    publication_lag_days: Days | None = None
    reporting_sensitive: StrictBool | None = None
    release_to: Literal["submitter", "partnership", "board", "public"] | None = Described(
        default=None, description="Who may see its figures where no release says otherwise."
    )
    paired_with: Code | None = None
    tolerance: Number | None = None
    note: Prose | None = None
    retired_reason: Prose | None = None
    baseline: BaselineIn | None = None
    target: TargetIn | None = None
    reason: Reason = Described(description="Why; kept in the audit record.")


class RatingOut(TypedDict):
    status: RatingStatusText
    label: str
    tone: ToneText
    """good, near, bad or none: chooses the shape and colour beside the label."""
    reason: str
    brief: str
    """Short reason, for tables that already show figure and target."""
    second: str | None


class TrendOut(TypedDict):
    direction: DirectionText
    label: str
    tone: ToneText
    moved: Literal["up", "down"] | None
    """Direction of the values, if they moved significantly."""
    reason: str
    test: str | None


class PointOut(TypedDict):
    period: PeriodWritten
    period_start: DayText
    period_end: DayText
    period_label: str
    value: int | float | None
    words: str


class LatestOut(TypedDict):
    """The figure that is rated; for a count part-way through a year, the year's total so far."""

    period: PeriodWritten
    period_start: DayText
    period_end: DayText
    period_label: str
    value: int | float | None
    words: str
    """ "43.3%", "30,912", "awaited, promised for 30 November 2017"."""
    words_in_full: str
    """With its period, and the latest twelve months where counts add up."""
    mark: str
    """Shorthand after the number, such as "[p]"; empty if it has none."""
    missing: MissingText | None
    withheld: HiddenReasonText | None
    expected_on: DayText | None
    status: FigureStatusText | None


class OwedOut(TypedDict):
    """The newest figure that should exist by now and does not."""

    period: PeriodWritten
    period_label: str
    words: str
    """ "nothing sent", or why there is none: "awaited, promised for 30 November 2017"."""
    missing: MissingText | None
    expected_on: DayText | None


class ScorecardItemOut(TypedDict):
    """One indicator's figure and rating: equal for all who may see the same figures, and frozen by a cut-off."""

    id: str
    code: str
    title: str
    unit: str
    decimals: int
    measure: MeasureText
    adds_up: AddsUpText
    polarity: PolarityText
    reporting_sensitive: bool
    responsible_agency: NamedOut | None
    priority: str | None
    measure_line: str | None
    baseline: BaselineOut
    target: TargetOut
    latest: LatestOut | None
    rating: RatingOut
    trend: TrendOut
    recent: list[PointOut]
    """The last eight periods, oldest first, for a sparkline."""
    owed: OwedOut | None
    retired_on: DayText | None


class IndicatorItemOut(ScorecardItemOut):
    """One line of the scorecard."""

    may: list[IndicatorStep]
    """Steps open to the reader. `updated_since` does not report a change of their role."""


class ReadingOut(TypedDict):
    """One line of "about this indicator", for people."""

    label: str
    words: str


class BreakOut(TypedDict):
    from_period: PeriodWritten
    from_label: str
    reason: str
    backcast: bool


class PublishedChangeOut(TypedDict):
    area: str | None
    """None for the partnership's own."""
    period: PeriodWritten
    period_label: str
    compared_with: PeriodWritten
    compared_with_label: str
    change: int | float
    unit: str
    words: str
    source: str
    check: AgreementText
    """agrees, differs or cannot, once the levels are here."""
    check_words: str


class IndicatorOut(IndicatorItemOut):
    """An indicator with all its fields."""

    definition: str
    per: int | None
    denominator: str
    frequency: FrequencyText
    window: WindowText
    publication_lag_days: int
    survey: bool
    counts_people: bool
    release_to: AudienceText
    """Default audience of its figures, without a release."""
    release_to_label: str
    paired_with: NamedOut | None
    tolerance: int | float | None
    suppliers: list[NamedOut]
    breakdowns: dict[str, list[str]]
    breaks: list[BreakOut]
    note: str
    retired_reason: str
    published_changes: list[PublishedChangeOut]
    targets: list[TargetOut]
    """Every version, newest first."""
    description: list[ReadingOut]
    version: int
