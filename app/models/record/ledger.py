"""The ledger, which numbers changes, and the audit record."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import BigInteger, Column, Field, SQLModel, Text
from typing_extensions import TypedDict

from app.models.append_only import AppendOnly
from app.models.column import Instant
from app.models.row import Row
from app.models.wire import InstantText


class Ledger(SQLModel, table=True):
    """One row: the last change's number, and the hash of the last audit event.

    `epoch` is a random text from the last restore on, empty before the first: numbers issued before a restore may
    be issued again after it for other changes.

    `frame` is the number of the last change of anything but figures; caches of everything else are valid until it
    changes (`queries.frame`).
    """

    id: int = Field(primary_key=True)
    seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    head: str = Field(max_length=64)
    epoch: str = Field(default="", max_length=16, sa_column_kwargs={"server_default": ""})
    frame: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default="0"))


class AuditEvent(Row, AppendOnly, table=True):
    """An entry of the audit record: actor, action, subject. The database itself refuses to change or delete one.

    `hash` is SHA-256 over the previous event's hash and this event's other columns (`record/event.py`).
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_partnership", "partnership_id", "id"),
        Index("ix_audit_event_kind", "subject_kind", "id"),
        Index("ix_audit_event_at", "at", "seq"),
    )

    seq: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    at: datetime = Field(sa_type=Instant)
    partnership_id: int | None = Field(default=None, foreign_key="partnership.id")
    actor: str = Field(max_length=200)
    action: str = Field(max_length=60)
    subject_kind: str = Field(max_length=40)
    subject: str = Field(max_length=200, index=True)
    data: str = Field(sa_column=Column(Text, nullable=False))
    """JSON with sorted keys, kept as text because the hash is over its bytes."""
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64, unique=True)


class RowDigest(SQLModel, AppendOnly, table=True):
    """Hash of a row's content after the change `seq`. The database itself refuses to change or delete one."""

    __tablename__ = "row_digest"

    seq: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Place among the digests of its change, which an event of that change holds the hash of."""
    table_name: str = Field(max_length=63)
    row_key: str = Field(max_length=64)
    """`record.row.row_key`; for figures the id of the submission that created them."""
    list_version: int
    """Of the list of columns it covers (`record.columns`)."""
    digest: str | None = Field(default=None, max_length=64)
    """None for a row that was deleted."""


class AuditEventOut(TypedDict):
    id: str
    seq: int
    at: InstantText
    actor: str
    action: str
    subject_kind: str
    subject: str
    data: dict[str, Any]
    previous: str
    hash: str
