"""Baseline of an indicator, with its caveat; or the reason for having none."""

from decimal import Decimal

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Text
from typing_extensions import TypedDict

from app.models.column import Exact
from app.models.row import Recorded, TrackedRow
from app.models.wire import In, Number, PeriodText, PeriodWritten, Prose
from app.models.wire_enums import BaselineKindText


class Baseline(TrackedRow, Recorded, table=True):
    """One version of a baseline; a correction appends the next. Exactly one of value, none_because, year is there."""

    __table_args__ = (UniqueConstraint("plan_id", "indicator_id", "number"),)

    plan_id: int = Field(foreign_key="plan.id", index=True)
    indicator_id: int = Field(foreign_key="indicator.id", index=True)
    number: int
    period: str | None = Field(default=None, max_length=15)
    value: Decimal | None = Field(default=None, sa_type=Exact)
    caveat: str = Field(default="", sa_type=Text)
    none_because: str | None = Field(default=None, sa_type=Text)
    year: str | None = Field(default=None, max_length=7)
    """A baseline year: this year's figure becomes the baseline."""
    reason: str = Field(default="", sa_type=Text)


class BaselineIn(In):
    """A figure with its period; or `none_because`; or `year`, a baseline year."""

    period: PeriodText | None = None
    value: Number | None = None
    caveat: Prose = ""
    none_because: Prose | None = None
    year: PeriodText | None = None


class BaselineOut(TypedDict):
    kind: BaselineKindText
    """figure, none, baseline_year."""
    period: PeriodWritten | None
    period_label: str | None
    value: int | float | None
    caveat: str
    none_because: str | None
    words: str
