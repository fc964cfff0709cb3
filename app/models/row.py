"""Base classes of tables: rows with an id, a change number, an author."""

from datetime import datetime

from sqlmodel import BigInteger, Field, SQLModel

from app.domain.access.author import Author, author
from app.models.column import Instant


class Row(SQLModel):
    id: int = Field(default=None, primary_key=True)
    """Set by the database when the row is flushed, and not read before."""


class TrackedRow(Row):
    """A row that clients can poll for changes, by `seq`, the ledger number of its last change.

    `db.stamp_seq` sets it when a write flushes the row.
    """

    seq: int = Field(default=None, sa_type=BigInteger)


class Recorded(SQLModel):
    """Columns for author and time of a record (`commands.change.Change.stamp`)."""

    recorded_at: datetime = Field(default=None, sa_type=Instant)
    recorded_by: str = Field(default=None, max_length=200)
    """Name in the audit record: `person 12 (Community safety analyst)`, `key sp_3fk2`, `command line`."""
    recorded_by_kind: str | None = Field(default=None, max_length=10)
    """`domain.access.author.AuthorKind`; None for records older than this column."""
    recorded_by_id: int | None = None
    """Of the person or the key."""

    @property
    def author(self) -> Author:
        return author(self.recorded_by, self.recorded_by_kind, self.recorded_by_id)
