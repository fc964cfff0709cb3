"""Stored files: what is attached to a thing, how much room is left, and a file's content."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, or_, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from app.config import Settings
from app.domain.errors import NotFound
from app.domain.record.file_room import MIB, FileRoom
from app.models.column import table
from app.models.link import Link
from app.models.record.stored_file import FileReference, FileReferenceOut, StoredFile

STORED = table(StoredFile)


@dataclass(frozen=True, slots=True)
class FileContent:
    content: bytes
    media_type: str
    name: str


def file_room(connection: Connection, settings: Settings) -> FileRoom:
    """Room for files in the deployment."""
    used = connection.execute(select(func.coalesce(func.sum(STORED.c.size), 0))).scalar_one()
    return FileRoom(int(used), settings.files_mib * MIB, settings.file_mib * MIB)


def attached_files(
    session: Session, subject_kind: str, subject_ids: Collection[int]
) -> dict[int, list[FileReferenceOut]]:
    """Files of several things of one kind, by their ids; the content of none is read."""
    files: dict[int, list[FileReferenceOut]] = defaultdict(list)
    if subject_ids:
        query = select_rows(FileReference).where(
            FileReference.subject_kind == subject_kind,
            col(FileReference.subject_id).in_(subject_ids),
            col(FileReference.removed_at).is_(None),
        )
        for row in session.exec(query.order_by(col(FileReference.id))).all():
            files[row.subject_id].append(file_reference_out(row))
    return files


def get_reference(session: Session, subject: tuple[str, int], sha256: str) -> FileReference:
    """A thing's reference to a file, by kind and id of the thing; NotFound where there is none."""
    kind, id_ = subject
    query = select_rows(FileReference).where(
        FileReference.subject_kind == kind,
        FileReference.subject_id == id_,
        FileReference.sha256 == sha256,
        col(FileReference.removed_at).is_(None),
    )
    row = session.exec(query).first()
    if row is None:
        raise _not_found()
    return row


def get_content(
    session: Session, sha256: str, readable: Sequence[ColumnElement[bool]], *, with_content: bool
) -> FileContent:
    """Content of a file under the name of the first reference that is readable; NotFound where there is none.

    The one place that selects the content. Without it, for a client that has the file already, nothing is selected.
    """
    query = select_rows(FileReference).where(
        FileReference.sha256 == sha256, col(FileReference.removed_at).is_(None), or_(*readable)
    )
    row = session.exec(query.order_by(col(FileReference.id)).limit(1)).first()
    if row is None:
        raise _not_found()
    if not with_content:
        return FileContent(b"", row.media_type, row.name)
    is_file = STORED.c.partnership_id == row.partnership_id, STORED.c.sha256 == sha256
    content = session.connection().execute(select(STORED.c.content).where(*is_file)).scalar()
    if content is None:
        raise _not_found()
    return FileContent(bytes(content), row.media_type, row.name)


def _not_found() -> NotFound:
    return NotFound("The file")


def file_reference_out(row: FileReference) -> FileReferenceOut:
    return FileReferenceOut(
        id=str(row.id),
        sha256=row.sha256,
        size=row.size,
        media_type=row.media_type,
        name=row.name,
        title=row.title,
        file=Link("files", row.sha256),
    )
