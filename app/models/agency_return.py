"""What one agency owes for one quarter: what was said about it, and what is being filled in.

What is owed, and how it stands, is worked out from indicators and figures; only what people did is kept.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import BigInteger, Field, SQLModel, Text

from app.models.column import Instant, Listed


class ReturnEvent(SQLModel, table=True):
    """One thing said or done about a return: the conversation it is, in order. The database keeps each for ever."""

    __tablename__ = "return_event"
    __table_args__ = (Index("ix_return_event_return", "partnership_id", "first_month", "agency_id"),)

    id: int | None = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    agency_id: int = Field(foreign_key="agency.id")
    first_month: int
    """Of the quarter, as `domain.period.Period` counts."""
    kind: str = Field(max_length=20)
    """`domain.returns.EventKind`."""
    text: str = Field(default="", sa_type=Text)
    promised_on: date | None = None
    indicators: list[str] = Field(default_factory=list, sa_type=Listed)
    """Codes of those it is about; none where it is about the whole."""
    submission_id: int | None = Field(default=None, foreign_key="submission.id")
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str = Field(max_length=200)
    seq: int = Field(sa_type=BigInteger, index=True)


class ReturnDraft(SQLModel, table=True):
    """A form half filled in. The agency's own: nobody else sees it."""

    __tablename__ = "return_draft"
    __table_args__ = (UniqueConstraint("partnership_id", "agency_id", "first_month"),)

    id: int | None = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    agency_id: int = Field(foreign_key="agency.id")
    first_month: int
    rows: list[dict[str, Any]] = Field(default_factory=list, sa_type=Listed)
    """As they were written, right or wrong, by name of field."""
    version: int = 1
    saved_at: datetime = Field(sa_type=Instant)
    saved_by: str = Field(max_length=200)
    seq: int = Field(sa_type=BigInteger)
