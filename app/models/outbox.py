"""Messages on their way to people, written in the transaction of what they tell of."""

from datetime import datetime

from sqlmodel import BigInteger, Field, SQLModel, Text

from app.models.column import Instant


class OutboxMessage(SQLModel, table=True):
    __tablename__ = "outbox_message"

    id: int | None = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    first_month: int | None = None
    """Of the return it is about."""
    kind: str = Field(max_length=40)
    """reminder_before, reminder_due, reminder_overdue, queried and the like."""
    once: str = Field(max_length=250, unique=True)
    """What it may be sent only once for: return, kind, day and person."""
    to: str = Field(max_length=254)
    subject: str = Field(max_length=500)
    body: str = Field(sa_type=Text)
    state: str = Field(max_length=10, index=True)
    """waiting, sent, failed or dropped."""
    attempts: int = 0
    not_before: datetime = Field(sa_type=Instant)
    """When to try (again); while it is being sent, until when nobody else should."""
    error: str = Field(default="", sa_type=Text)
    recorded_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    seq: int = Field(sa_type=BigInteger, index=True)
