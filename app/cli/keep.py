"""Backup and restore. A PostgreSQL server has its own tools, and they are used or named."""

import os
import shutil
import sqlite3
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import database
from app.cli.stop import Stop
from app.commands import audit
from app.config import Settings, settings_from_environment
from app.db import Database, parsed_url, sqlite_path
from app.queries.schema import schema_state

FORCE = typer.Option("--force", help="Replace what is there.")


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it.")],
    force: Annotated[bool, FORCE] = False,
) -> None:
    """Write a whole copy of the database to a file, while the service runs."""
    settings = settings_from_environment()
    if file.exists() and not force:
        raise Stop(f"{file} is there already. Name another file, or replace it with --force.")
    with database(settings):
        pass
    path = sqlite_path(settings.database_url)
    if path is None:
        _dump(settings, file)
    else:
        _copy(path, file)
    typer.echo(f"Written to {file}. It holds everything, password hashes included: keep it safe.")


def _copy(source: Path, target: Path) -> None:
    """SQLite's online backup: one moment of the database, whatever is written meanwhile."""
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    reading, writing = sqlite3.connect(source), sqlite3.connect(partial)
    try:
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode = DELETE")
    finally:
        writing.close()
        reading.close()
    os.replace(partial, target)


def _dump(settings: Settings, target: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise Stop("A PostgreSQL database is backed up with pg_dump, which is not installed here.")
    url = parsed_url(settings.database_url).set(drivername="postgresql")
    environment = {**os.environ, "PGPASSWORD": url.password or ""}
    shown = url.set(password=None).render_as_string(hide_password=False)
    command = [program, "--format=custom", f"--file={target}", f"--dbname={shown}"]
    # Every part of the command is ours or the deployment's own; the password goes by the environment.
    done = subprocess.run(command, env=environment, check=False)  # noqa: S603
    if done.returncode != 0:
        raise Stop("pg_dump could not write the backup: it says why above.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that backup wrote.")],
    force: Annotated[bool, FORCE] = False,
) -> None:
    """Put a backup in the database's place. Stop the service first. The old file is kept beside it."""
    settings = settings_from_environment()
    path = sqlite_path(settings.database_url)
    if path is None:
        raise Stop("A PostgreSQL backup is put back with pg_restore --clean --if-exists --dbname=...")
    if path.exists() and not force:
        raise Stop(f"{path} is there already. Keep it aside and replace it with --force.")
    state = _check(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    incoming = path.with_name(f"{path.name}.incoming")
    _copy(file, incoming)
    kept = _set_aside(path)
    os.replace(incoming, path)
    typer.echo(f"Restored {file} to {path}." + (f" The old one is kept as {kept}." if kept else ""))
    if state == "behind":
        typer.echo("It was made by an older Saferplan. Run: saferplan migrate")


def _check(file: Path) -> str:
    """How the backup's schema stands to this program's; Stop where it is damaged, foreign or altered."""
    if not file.is_file():
        raise Stop(f"There is no file {file}.")
    try:
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        try:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
            tables = {
                row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise Stop(f"{file} is not a backup of a Saferplan database ({error}).") from error
    if sound != "ok":
        raise Stop(f"{file} is damaged: {sound}.")
    if not {"ledger", "alembic_version"} <= tables:
        raise Stop(f"{file} is not a backup of a Saferplan database.")
    return _check_content(file)


def _check_content(file: Path) -> str:
    opened = Database(f"sqlite:///{file}")
    try:
        state = schema_state(opened.engine)
        if state == "newer":
            raise Stop(f"{file} was made by a newer Saferplan. Install that version first.")
        if state == "current":
            with opened.read() as session:
                found = list(audit.verify(session))
            if found:
                raise Stop(f"The record of changes in {file} is not whole: {found[0]}")
        return state
    finally:
        opened.close()


def _set_aside(path: Path) -> Path | None:
    """Renames the old database, with all that was written to it last, and says to what."""
    if not path.exists():
        return None
    connection = sqlite3.connect(path, timeout=2, isolation_level=None)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        raise Stop("The database is in use: stop the service first.") from error
    finally:
        connection.close()
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    kept = path.with_name(f"{path.name}.before-{stamp}")
    os.replace(path, kept)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return kept
