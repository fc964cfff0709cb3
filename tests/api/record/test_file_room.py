"""Two processes that store files at once never exceed the room; a copy of the database has its files."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from app.cli.keep import copy_sqlite
from app.commands.record.stored_file import NewFile, sha256_of, store_file
from app.config import Settings
from app.db import Database
from app.domain.errors import FileRefused
from app.domain.record.file_kind import FileKind
from tests.town import EVIDENCE, EVIDENCE_SHA256, make_town

MIB = 1024 * 1024
ROOM = Settings(files_mib=10)


def store(database: Database, number: int) -> str:
    """Stores one file of 3 MiB; returns the code of a refusal."""
    content = bytes([number]) * (3 * MIB)
    file = NewFile(1, sha256_of(content), FileKind.CSV, content)
    try:
        with database.write_without_seq() as connection:
            store_file(connection, file, ROOM, datetime.now(UTC))
    except FileRefused as refusal:
        return refusal.code
    return ""


def test_as_many_are_stored_as_there_is_room_for(database_url: str) -> None:
    several = [Database(database_url) for _ in range(2)]
    with several[0].write() as session:
        make_town(session)
    with ThreadPoolExecutor(6) as threads:
        codes = list(threads.map(lambda number: store(several[number % 2], number), range(6)))
    assert sorted(codes) == ["", "", "", "files_full", "files_full", "files_full"]
    with several[1].read() as session:
        sizes = session.connection().exec_driver_sql("SELECT size FROM stored_file").scalars().all()
    assert sorted(sizes) == [len(EVIDENCE), *[3 * MIB] * 3]
    for database in several:
        database.close()


def test_a_backup_beside_uploads_has_every_file_that_is_referred_to(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    with database.write() as session:
        make_town(session)
    with ThreadPoolExecutor(1) as threads:
        uploads = threads.map(lambda number: store(database, number), range(3))
        copy_sqlite(Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "copy.db")
        assert list(uploads) == ["", "", ""]
    database.close()
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        rows = copy.execute("SELECT size, length(content) FROM stored_file").fetchall()
        (content,) = copy.execute(
            "SELECT content FROM stored_file WHERE sha256 = ?", (EVIDENCE_SHA256,)
        ).fetchone()
    copy.close()
    assert content == EVIDENCE
    assert all(size == length for size, length in rows)
