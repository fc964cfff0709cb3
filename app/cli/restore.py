"""Restore: puts a backup in the database's place while no other process has that open.

Killed at any step it leaves the old database whole or the new one, and beside it nothing that belongs to the other:
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
"""SQLite's own files beside a database."""


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
        with _new_folder(path.with_name(f"{path.name}.restoring")) as folder:
            copy = folder / "copy.db"
            _copy_checked(file, copy)
            kept = _replace(path, copy)
    typer.echo(f"Restored {file} to {path}." + (f" The old one is kept as {kept}." if kept else ""))


def restored() -> None:
    """Say that pg_restore has put a backup in a PostgreSQL database's place: pollers then read everything anew."""
    with database() as opened:
        begin_epoch(opened)
    typer.echo("A new epoch begins: no program takes what it was told before for what is there now.")


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """Empty, its owner's alone, and gone afterwards. A restore that was killed may have left one."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy_checked(file: Path, copy: Path) -> None:
    """A copy of the backup, of this program's schema; Stop where that is damaged, foreign or altered."""
    if not file.is_file():
        raise Stop(f"There is no file {file}.")
    try:
        copy_sqlite(file, copy)
        _check_tables(file, copy)
    except sqlite3.OperationalError as error:
        raise Stop(f"{file} cannot be copied: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise Stop(f"{file} is not a backup of a Saferplan database ({error}).") from error
    _bring_up_to_date(file, f"sqlite:///{copy}")
    with _quiet(copy):
        pass


def _check_tables(file: Path, copy: Path) -> None:
    connection = sqlite3.connect(copy)
    try:
        sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    finally:
        connection.close()
    if sound != "ok":
        raise Stop(f"{file} is damaged: {sound}.")
    if not {"ledger", "alembic_version"} <= tables:
        raise Stop(f"{file} is not a backup of a Saferplan database.")


def _bring_up_to_date(file: Path, url: str) -> None:
    """Migrates the copy, checks its record of changes, and begins a new epoch in it."""
    opened = Database(url)
    try:
        if schema_state(opened.engine) == "newer":
            raise Stop(f"{file} was made by a newer Saferplan. Install that version first.")
        migrate(url)
        with opened.read() as session:
            found = list(audit.verify(session))
        if found:
            raise Stop(f"The record of changes in {file} is not whole: {found[0]}")
        begin_epoch(opened)
    finally:
        opened.close()


def _replace(path: Path, copy: Path) -> Path | None:
    """Sets the old database aside, puts the copy in its place and gives the old one's new name."""
    if path.exists():
        keep_access(path, copy)
        _drop_second_names(path)
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S-%f")
    kept = path.with_name(f"{path.name}.before-{stamp}")
    with _quiet(path):
        _set_aside(path, kept)
        os.replace(copy, path)
    _sync(path.parent)
    if not kept.exists():
        return None
    kept.chmod(0o600)
    return kept


def _drop_second_names(path: Path) -> None:
    """A restore that was killed half-way left the database under two names: as a copy it would be none."""
    for other in path.parent.glob(f"{path.name}.before-*"):
        if other.samefile(path):
            other.unlink()


@contextmanager
def _quiet(path: Path) -> Iterator[None]:
    """Folds the log of last writes into the file, and keeps out programs that do not ask for our lock.

    Leaving WAL mode is what shows them: an idle reader's lock is in their way, as in that of BEGIN EXCLUSIVE it is not.
    A damaged database has nothing to fold, and is no reason against putting a sound one in its place.
    """
    connection = sqlite3.connect(path, timeout=2, isolation_level=None) if path.exists() else None
    try:
        if connection is not None:
            _lock_out(connection)
        yield
    finally:
        if connection is not None:
            connection.close()


def _lock_out(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in BUSY:
            raise Stop("The database is in use by another program: stop the service first.") from error
        if error.sqlite_errorcode & 0xFF not in DAMAGED:
            raise Stop(f"The database that is there cannot be set aside: {error}.") from error


def _set_aside(path: Path, kept: Path) -> None:
    """Gives the old file a second name, so that there is a database at every moment."""
    for suffix in BESIDE:  # of a damaged or a vanished database
        with suppress(FileNotFoundError):
            os.replace(f"{path}{suffix}", f"{kept}{suffix}")
    try:
        os.link(path, kept)
    except FileNotFoundError:
        pass
    except OSError:  # no second names on this drive: for a moment there is none at its place
        os.replace(path, kept)


def _sync(folder: Path) -> None:
    """Lets the new name outlast a power cut."""
    with suppress(PermissionError):  # Windows opens no folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
