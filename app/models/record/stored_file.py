"""Stored files by the hash of their content, and what refers to them."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel
from typing_extensions import TypedDict

from app.models.column import Instant
from app.models.link import Link
from app.models.row import Recorded, TrackedRow
from app.models.wire import FileName, In, InstantText, Line, Sha256


class StoredFile(SQLModel, table=True):
    """A file's content. It is written outside the ledger, and deleted a day after nothing refers to it."""

    __tablename__ = "stored_file"

    partnership_id: int = Field(foreign_key="partnership.id", primary_key=True)
    sha256: str = Field(max_length=64, primary_key=True)
    size: int
    """In bytes."""
    media_type: str = Field(max_length=100)
    """`domain.record.file_kind.FileKind`."""
    kept_until: datetime = Field(sa_type=Instant)
    """Real time after which it is deleted, if nothing refers to it."""
    content: bytes = Field(sa_type=LargeBinary)
    """Selected by the route that serves it alone: `queries.record.stored_file.get_content`."""


class FileReference(TrackedRow, Recorded, table=True):
    """A file that something refers to, under a name of its own. A removed one keeps the hash, and loses all words."""

    __tablename__ = "file_reference"
    __table_args__ = (
        Index("ix_file_reference_subject", "subject_kind", "subject_id"),
        Index("ix_file_reference_sha256", "sha256"),
    )

    partnership_id: int = Field(foreign_key="partnership.id")
    subject_kind: str = Field(max_length=40)
    """Table of the row that refers to it, such as recommendation."""
    subject_id: int
    sha256: str = Field(max_length=64)
    size: int
    media_type: str = Field(max_length=100)
    name: str = Field(max_length=200)
    title: str = Field(max_length=500)
    removed_at: datetime | None = Field(default=None, sa_type=Instant)


class StoredFileOut(TypedDict):
    """A file that was uploaded. Refer to it within a day, or it is deleted."""

    sha256: str
    """Of its content: how it is referred to."""
    size: int
    media_type: str
    kept_until: InstantText
    room_warning: str | None
    """Sentence for staff where the room for files is nearly full."""


class FileReferenceOut(TypedDict):
    """A file that something refers to."""

    id: str
    sha256: str
    size: int
    media_type: str
    name: str
    title: str
    file: Link
    """Where its content is."""


class FileIn(In):
    """An uploaded file to refer to."""

    EXAMPLE = {
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "name": "inspection-letter.pdf",
        "title": "The inspectors' letter",
    }

    sha256: Sha256
    name: FileName
    title: Line


class AttachedOut(TypedDict):
    """A reference that was added: its words are left out, so that no remembered answer holds them."""

    id: str
    sha256: str
    size: int
    media_type: str
    file: Link
