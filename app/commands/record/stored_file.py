"""Stores files outside the ledger, refers to them, and deletes those that nothing refers to."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, insert, not_, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from app.commands.change import Change
from app.config import Settings
from app.domain.errors import FileRefused, RuleBroken
from app.domain.record.file_kind import FileKind, require_media_type
from app.domain.record.file_room import GRACE
from app.models.column import table
from app.models.record.stored_file import FileIn, FileReference, StoredFile
from app.queries.record.stored_file import file_room

STORED, REFERENCE = table(StoredFile), table(FileReference)
MOST_FILES = 20
"""Most files that one thing refers to."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A checked file on its way into the database."""

    partnership_id: int
    sha256: str
    kind: FileKind
    content: bytes


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def store_file(connection: Connection, file: NewFile, settings: Settings, clock: datetime) -> datetime:
    """Stores a file unless it is stored already; returns until when it is kept if nothing refers to it.

    Raises FileRefused where there is no room.
    """
    _lock_room(connection)
    kept_until = clock + GRACE
    is_file = STORED.c.partnership_id == file.partnership_id, STORED.c.sha256 == file.sha256
    if connection.execute(update(STORED).where(*is_file).values(kept_until=kept_until)).rowcount:
        return kept_until
    file_room(connection, settings).require(len(file.content))
    connection.execute(
        insert(STORED).values(
            partnership_id=file.partnership_id,
            sha256=file.sha256,
            size=len(file.content),
            media_type=file.kind.value,
            kept_until=kept_until,
            content=file.content,
        )
    )
    return kept_until


def _lock_room(connection: Connection) -> None:
    """Makes writers of files take turns on PostgreSQL, or two at once would exceed the room. SQLite has one writer."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE stored_file IN SHARE ROW EXCLUSIVE MODE")


def attach_file(change: Change, subject: tuple[str, int], file: FileIn) -> FileReference:
    """Refers to an uploaded file, from a thing by its kind and id."""
    kind, id_ = subject
    session, partnership_id = change.session, change.partnership.id
    stored = _keep(session, partnership_id, file.sha256)
    if stored is None:
        text = "There is no such file: it was not uploaded here, or more than a day ago. Upload it, then refer to it."
        raise RuleBroken("sha256", "unknown_file", text)
    size, media_type = stored
    try:
        require_media_type(file.name, media_type)
    except FileRefused as error:
        raise RuleBroken("name", error.code, error.message) from error
    hashes = _hashes(session, subject)
    if file.sha256 in hashes:
        raise RuleBroken("sha256", "file_twice", "This file is here already.")
    if len(hashes) >= MOST_FILES:
        text = f"There are {MOST_FILES} files here, which is as many as are taken. Remove one first."
        raise RuleBroken("sha256", "too_many_files", text)
    return change.add(
        FileReference(
            partnership_id=partnership_id,
            subject_kind=kind,
            subject_id=id_,
            sha256=file.sha256,
            size=size,
            media_type=media_type,
            name=file.name,
            title=file.title,
        )
    )


def remove_file(change: Change, reference: FileReference) -> None:
    """Removes a reference: its words go at once, its hash stays, and the content goes a day after the last."""
    _keep(change.session, reference.partnership_id, reference.sha256)
    reference.name = reference.title = ""
    reference.removed_at = change.now
    change.session.add(reference)
    change.session.flush()


def _keep(session: Session, partnership_id: int, sha256: str) -> tuple[int, str] | None:
    """Keeps a file for a day from now; returns its size and media type, or None if it is not stored.

    The update locks the row, so that no worker deletes the file before the reference is there.
    """
    statement = (
        update(STORED)
        .where(STORED.c.partnership_id == partnership_id, STORED.c.sha256 == sha256)
        .values(kept_until=datetime.now(UTC) + GRACE)
        .returning(STORED.c.size, STORED.c.media_type)
    )
    row = session.connection().execute(statement).one_or_none()
    return (row.size, row.media_type) if row is not None else None


def _hashes(session: Session, subject: tuple[str, int]) -> set[str]:
    kind, id_ = subject
    query = select_rows(FileReference.sha256).where(
        FileReference.subject_kind == kind,
        FileReference.subject_id == id_,
        col(FileReference.removed_at).is_(None),
    )
    return set(session.exec(query).all())


def has_unused(connection: Connection, clock: datetime) -> bool:
    """Whether there is a file to which nothing has referred for a day."""
    return connection.execute(select(STORED.c.sha256).where(_is_unused(clock)).limit(1)).first() is not None


def delete_unused(connection: Connection, clock: datetime) -> int:
    """Deletes files to which nothing has referred for a day; returns their number."""
    return connection.execute(delete(STORED).where(_is_unused(clock))).rowcount


def _is_unused(clock: datetime) -> ColumnElement[bool]:
    refers = exists().where(
        REFERENCE.c.partnership_id == STORED.c.partnership_id,
        REFERENCE.c.sha256 == STORED.c.sha256,
        REFERENCE.c.removed_at.is_(None),
    )
    return and_(STORED.c.kept_until < clock, not_(refers))
