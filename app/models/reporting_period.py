"""A quarter as the partnership reports on it: its dates, its cut-off with what was frozen, its close."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import BigInteger, Field, SQLModel, Text

from app.models.column import Instant, Listed


class PeriodEvent(SQLModel, table=True):
    """One step of a quarter. The newest of a kind counts; the database keeps each for ever."""

    __tablename__ = "period_event"
    __table_args__ = (Index("ix_period_event_period", "partnership_id", "first_month"),)

    id: int | None = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    first_month: int
    kind: str = Field(max_length=20)
    """`domain.reporting.StepKind`: planned, cut_off, closed, reopened."""
    cut_off_on: date | None = None
    board_on: date | None = None
    """Dates that a `planned` step sets."""
    reason: str = Field(default="", sa_type=Text)
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str = Field(max_length=200)
    seq: int = Field(sa_type=BigInteger, index=True)


class Snapshot(SQLModel, table=True):
    """The figures, ratings and reasons as they stood at a cut-off. The database keeps it for ever."""

    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="period_event.id", unique=True)
    items: list[dict[str, Any]] = Field(default_factory=list, sa_type=Listed)
    """Lines of the scorecard for the quarter, as the partnership saw them."""
    late: list[dict[str, Any]] = Field(default_factory=list, sa_type=Listed)
    """What was owed and not there."""
    seq: int = Field(sa_type=BigInteger)
