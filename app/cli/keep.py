"""Backs the database up: SQLite by its online backup, PostgreSQL by pg_dump."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import database
from app.cli.stop import Stop
from app.config import Settings, settings_from_environment
from app.database_file import lock_path
from app.db import parsed_url, sqlite_path

FORCE = typer.Option("--force", help="Replace what is there.")


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it.")],
    force: Annotated[bool, FORCE] = False,
) -> None:
    """Write a whole copy of the database to a file, while the service runs."""
    settings = settings_from_environment()
    if file.exists() and not force:
        raise Stop(f"{file} is there already. Name another file, or replace it with --force.")
    if lock_path(file).exists():
        raise Stop(f"{file} is a database that was in use, no backup. Name another file.")
    with database(settings):
        path = sqlite_path(settings.database_url)
        if path is None:
            _dump(settings, file)
        else:
            copy_sqlite(path, file)
    typer.echo(f"Written to {file}. It holds everything, password hashes included: keep it safe.")


def copy_sqlite(source: Path, target: Path) -> None:
    """Copies one consistent state by SQLite's online backup, while others may write."""
    with _partial_file(target) as partial:
        reading, writing = sqlite3.connect(source), sqlite3.connect(partial)
        try:
            reading.backup(writing)
            writing.execute("PRAGMA journal_mode = DELETE")
        finally:
            writing.close()
            reading.close()


@contextmanager
def _partial_file(target: Path) -> Iterator[Path]:
    """Yields a file that only its owner reads; once it is written, renames it to the target."""
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield partial
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)


def _dump(settings: Settings, target: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise Stop("A PostgreSQL database is backed up with pg_dump, which is not installed here.")
    url = parsed_url(settings.database_url).set(drivername="postgresql")
    environment = {**os.environ, "PGPASSWORD": url.password or ""}
    url_without_password = url.set(password=None).render_as_string(hide_password=False)
    with _partial_file(target) as partial:
        command = [program, "--format=custom", f"--file={partial}", f"--dbname={url_without_password}"]
        # Every part of the command is ours or the deployment's own; the password goes by the environment.
        process = subprocess.run(command, env=environment, check=False)  # noqa: S603
        if process.returncode != 0:
            raise Stop("pg_dump could not write the backup: it says why above.")
