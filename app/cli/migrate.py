"""Migrates the database, and lists stored figures that this version would refuse."""

import sys
from collections.abc import Iterator

import typer
from sqlmodel import Session

from app.cli.console import database, migrate_database
from app.config import settings_from_environment
from app.db import sqlite_path
from app.queries.figures.invalid import invalid_figures, invalid_tolerances
from app.queries.figures.read.stored import figure_count

MOST_LISTED = 50


def migrate() -> None:
    """Migrate the database to this version's schema. Safe to run again; take a backup first."""
    settings = settings_from_environment()
    migrate_database(settings)
    with database(settings) as opened, opened.read() as session:
        for line in _refused_lines(session):
            typer.echo(line)
    typer.echo(f"The database is current ({sqlite_path(settings.database_url) or 'PostgreSQL'}).")


def _refused_lines(session: Session) -> Iterator[str]:
    lines, line_count = [], 0
    for line in _invalid_lines(session):
        line_count += 1
        if line_count <= MOST_LISTED:
            lines.append(f"  {line}")
    if line_count:
        yield "Stored, and refused today. They stay as they are; whoever sends one anew has to mend it:"
        yield from lines
    if line_count > MOST_LISTED:
        yield f"  and {line_count - MOST_LISTED:,} more."


def _invalid_lines(session: Session) -> Iterator[str]:
    for partnership, code in invalid_tolerances(session):
        yield f"{partnership}, indicator {code}: tolerance: Expected zero or more."
    label = "Looking through the figures"
    with typer.progressbar(length=figure_count(session), label=label, file=sys.stderr) as progress:
        for figure in invalid_figures(session, progress.update):
            part = f" ({figure.breakdown})" if figure.breakdown else ""
            place = f"{figure.indicator} {figure.period} {figure.area}{part}"
            yield f"{figure.partnership}, {place}: {figure.message}"
