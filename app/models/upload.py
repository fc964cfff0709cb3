"""A file of figures that was uploaded, and what it would do: sending it sends exactly what was previewed."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary
from sqlmodel import BigInteger, Field, SQLModel

from app.models.column import Instant, Listed


class Upload(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    """Whose it is; the partnership's staff have none. Nobody else sees it."""
    caller: str = Field(max_length=64)
    """Who uploaded it: `Actor.caller`, hashed. They alone send it."""
    name: str = Field(max_length=200)
    kind: str = Field(max_length=10)
    """csv or xlsx."""
    content: bytes = Field(sa_type=LargeBinary)
    state: str = Field(max_length=10, index=True)
    """waiting, ready, refused or sent."""
    done: int = 0
    total: int = 0
    """Rows read and checked so far, of how many."""
    leased_until: datetime | None = Field(default=None, sa_type=Instant)
    """While somebody is at work on it."""
    receipt: dict[str, Any] | None = Field(default=None, sa_type=Listed)
    problem: dict[str, Any] | None = Field(default=None, sa_type=Listed)
    submission_id: int | None = Field(default=None, foreign_key="submission.id")
    uploaded_at: datetime = Field(sa_type=Instant)
    uploaded_by: str = Field(max_length=200)
    seq: int = Field(sa_type=BigInteger)
