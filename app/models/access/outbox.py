"""Messages to people, written in the transaction of the change that causes them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NotRequired

from sqlalchemy import Index
from sqlmodel import Field, Text
from typing_extensions import TypedDict

from app.domain.message import Words
from app.models.column import Instant
from app.models.plan.partnership import NamedOut
from app.models.row import TrackedRow
from app.models.wire import InstantText, PeriodWritten
from app.models.wire_enums import MessageStateText, ToneText


class OutboxMessage(TrackedRow, table=True):
    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_change", "partnership_id", "seq"),)

    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    first_month: int | None = None
    """Of the return it is about."""
    kind: str = Field(max_length=40)
    """reminder_before, reminder_due, reminder_overdue, queried, sign_in_guesses and the like."""
    once: str = Field(max_length=250, unique=True)
    """Unique key, so that it is sent once: return, kind, day and person."""
    to: str = Field(max_length=254)
    subject: str = Field(max_length=500)
    body: str = Field(sa_type=Text)
    state: str = Field(max_length=10, index=True)
    """waiting, sent, failed or dropped."""
    attempts: int = 0
    not_before: datetime = Field(sa_type=Instant)
    """Time of the next attempt; while it is being sent, the end of the lease."""
    error: str = Field(default="", sa_type=Text)
    recorded_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to one person that may still have to be written; `once` as in the outbox."""

    kind: str
    once: str
    person_id: int
    to: str
    words: Words
    agency_id: int | None = None
    first_month: int | None = None


class MessageOut(TypedDict):
    """A message to one person, sent or to be sent."""

    id: str
    kind: str
    to: str
    subject: str
    body: str
    state: MessageStateText
    label: str
    tone: ToneText
    attempts: int
    error: str
    """Error of the last attempt, or the reason it was not sent; empty where all went well."""
    recorded_at: InstantText
    held_up: bool
    """Whether it waits for a fault of the mail service or its settings, which `GET /mail` tells of."""
    sent_at: InstantText | None
    agency: NamedOut | None
    period: PeriodWritten | None
    period_label: str | None
    return_id: str | None
    """Of the return it is about."""


class RemindedOut(TypedDict):
    """The messages just written. They are sent without a further request."""

    messages: list[MessageOut]


class MailFaultOut(TypedDict):
    """Why messages are not sent now, though mail is set up."""

    message: str
    waiting: int
    """Messages that wait for it, and are sent once it is put right."""


class MailOut(TypedDict):
    """Whether messages leave the outbox, and how."""

    goes_by: Literal["smtp", "notify"] | None
    """Nothing where no mail is set up, and messages wait."""
    demonstration: bool
    """Whether this is a demonstration, which sends nothing even if mail is set up."""
    fault: NotRequired[MailFaultOut]
    """Of the mail service or its settings; absent where there is none."""
