"""Verifies stored files: each that something refers to is there, and its content is that of its hash."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection, select

from app.models.column import table
from app.models.record.stored_file import FileReference, StoredFile

STORED, REFERENCE = table(StoredFile), table(FileReference)


def check_files(connection: Connection) -> Iterator[str]:
    """Yields a sentence for each file that is missing or has another content. Reads one file at a time."""
    key = REFERENCE.c.partnership_id, REFERENCE.c.sha256, REFERENCE.c.size, REFERENCE.c.media_type
    referred_to = select(*key).where(REFERENCE.c.removed_at.is_(None)).distinct().order_by(*key)
    for reference in connection.execute(referred_to).all():
        is_file = STORED.c.partnership_id == reference.partnership_id, STORED.c.sha256 == reference.sha256
        row = connection.execute(select(STORED).where(*is_file)).one_or_none()
        if row is None:
            yield f"The file {reference.sha256} is referred to and is not there."
        elif (hashlib.sha256(row.content).hexdigest(), row.size, row.media_type) != reference[1:]:
            yield f"The file {reference.sha256} is not what was recorded."
