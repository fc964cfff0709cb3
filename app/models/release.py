"""Who may see an indicator's figures of a period, from when, and who approved that."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import BigInteger, Field, SQLModel, Text

from app.models.column import Instant


class Release(SQLModel, table=True):
    """An approval. Of those whose day has come the newest counts; the database keeps each for ever."""

    __table_args__ = (Index("ix_release_indicator", "indicator_id", "last_month"),)

    id: int | None = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    indicator_id: int = Field(foreign_key="indicator.id")
    last_month: int
    """Every figure that ends in this month: the whole, its areas and its breakdowns are released together."""
    audience: str = Field(max_length=20)
    """`domain.release.Audience`."""
    from_on: date
    reason: str = Field(default="", sa_type=Text)
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str = Field(max_length=200)
    seq: int = Field(sa_type=BigInteger)
