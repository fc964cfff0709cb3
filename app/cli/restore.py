"""Restores a backup while no other process has the database open.

If it is killed at any step, either the old database is complete or the new one, and no log of the other is beside it:
SQLite finds a log by its name, and would apply an old one to a new file.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import database
from app.cli.keep import FORCE, copy_sqlite
from app.cli.stop import Stop
from app.commands import audit
from app.config import settings_from_environment
from app.database_file import keep_access
from app.db import Database, alone, begin_epoch, migrate, sqlite_path
from app.queries.schema import schema_state

POSTGRESQL = """A PostgreSQL backup is put back with its own tool. Stop the service, then run:
pg_restore --clean --if-exists --single-transaction --dbname=... FILE
saferplan migrate
saferplan restored"""
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
BESIDE = ("-wal", "-shm", "-journal")
"""Suffixes of SQLite's own files of a database."""


def restore(
    file: Annotated[Path, typer.Argument(help="A file that backup wrote.")],
    force: Annotated[bool, FORCE] = False,
) -> None:
    """Put a backup in the database's place. Stop the service first. The old file is kept beside it."""
    settings = settings_from_environment()
    path = sqlite_path(settings.database_url)
    if path is None:
        raise Stop(POSTGRESQL)
    path = path.resolve()  # a link to the database stays a link
    with alone(settings.database_url):
        if path.exists() and not force:
            raise Stop(f"{path} is there already. Keep it aside and replace it with --force.")
        with _temporary_folder(path.with_name(f"{path.name}.restoring")) as folder:
            copy = folder / "copy.db"
            _copy_and_check(file, copy)
            old_path = _replace(path, copy)
    typer.echo(f"Restored {file} to {path}." + (f" The old one is kept as {old_path}." if old_path else ""))


def restored() -> None:
    """Begin a new epoch after pg_restore replaced a PostgreSQL database, so that pollers read everything again."""
    with database() as opened:
        begin_epoch(opened)
    typer.echo("A new epoch begins: no program takes what it was told before for what is there now.")


@contextmanager
def _temporary_folder(folder: Path) -> Iterator[Path]:
    """Yields an empty folder that only its owner reads, and deletes it; a killed restore may have left one."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy_and_check(file: Path, copy: Path) -> None:
    """Copies the backup and migrates the copy; raises Stop if it is damaged, foreign or altered."""
    if not file.is_file():
        raise Stop(f"There is no file {file}.")
    try:
        copy_sqlite(file, copy)
        _check_tables(file, copy)
    except sqlite3.OperationalError as error:
        raise Stop(f"{file} cannot be copied: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise Stop(f"{file} is not a backup of a Saferplan database ({error}).") from error
    _migrate_copy(file, f"sqlite:///{copy}")
    with _exclusive(copy):
        pass


def _check_tables(file: Path, copy: Path) -> None:
    connection = sqlite3.connect(copy)
    try:
        integrity = connection.execute("PRAGMA integrity_check").fetchone()[0]
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    finally:
        connection.close()
    if integrity != "ok":
        raise Stop(f"{file} is damaged: {integrity}.")
    if not {"ledger", "alembic_version"} <= tables:
        raise Stop(f"{file} is not a backup of a Saferplan database.")


def _migrate_copy(file: Path, url: str) -> None:
    """Migrates the copy, verifies its record of changes, and begins a new epoch in it."""
    opened = Database(url)
    try:
        if schema_state(opened.engine) == "newer":
            raise Stop(f"{file} was made by a newer Saferplan. Install that version first.")
        migrate(url)
        with opened.read() as session:
            findings = list(audit.verify(session))
        if findings:
            raise Stop(f"The record of changes in {file} is not whole: {findings[0]}")
        begin_epoch(opened)
    finally:
        opened.close()


def _replace(path: Path, copy: Path) -> Path | None:
    """Replaces the database by the copy; returns the path of the old one, None if there was none."""
    if path.exists():
        keep_access(path, copy)
        _drop_second_names(path)
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S-%f")
    old_path = path.with_name(f"{path.name}.before-{stamp}")
    with _exclusive(path):
        _set_aside(path, old_path)
        os.replace(copy, path)
    _sync(path.parent)
    if not old_path.exists():
        return None
    old_path.chmod(0o600)
    return old_path


def _drop_second_names(path: Path) -> None:
    """Deletes second names of the database that a killed restore left: they are no copies of it."""
    for other in path.parent.glob(f"{path.name}.before-*"):
        if other.samefile(path):
            other.unlink()


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    """Folds the WAL into the file, and locks it against programs that do not take our lock; raises Stop if one has.

    Leaving WAL mode finds them: it fails while an idle reader has the file open, which BEGIN EXCLUSIVE does not.
    A damaged database has no usable WAL, and may be replaced all the same.
    """
    connection = sqlite3.connect(path, timeout=2, isolation_level=None) if path.exists() else None
    try:
        if connection is not None:
            _take_exclusive_lock(connection)
        yield
    finally:
        if connection is not None:
            connection.close()


def _take_exclusive_lock(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in BUSY:
            raise Stop("The database is in use by another program: stop the service first.") from error
        if error.sqlite_errorcode & 0xFF not in DAMAGED:
            raise Stop(f"The database that is there cannot be set aside: {error}.") from error


def _set_aside(path: Path, old_path: Path) -> None:
    """Gives the old file a second name by a hard link, so that there is a database at every moment."""
    for suffix in BESIDE:  # of a damaged or a vanished database
        with suppress(FileNotFoundError):
            os.replace(f"{path}{suffix}", f"{old_path}{suffix}")
    try:
        os.link(path, old_path)
    except FileNotFoundError:
        pass
    except OSError:  # no second names on this drive: for a moment there is none at its place
        os.replace(path, old_path)


def _sync(folder: Path) -> None:
    """Syncs the folder, so that the new name survives a power cut."""
    with suppress(PermissionError):  # Windows opens no folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
