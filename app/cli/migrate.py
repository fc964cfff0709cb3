"""Upgrade: the newest schema, and what an older version took in that this one would not."""

import sys
from collections.abc import Iterator

import typer
from sqlmodel import Session

from app.cli.console import database, migrated
from app.config import settings_from_environment
from app.db import sqlite_path
from app.queries.figures.invalid import figure_count, invalid_figures, invalid_tolerances

MOST_LISTED = 50


def migrate() -> None:
    """Bring the database to this version's schema. Safe to run again; take a backup first."""
    settings = settings_from_environment()
    migrated(settings)
    with database(settings) as opened, opened.read() as session:
        for line in _refused_today(session):
            typer.echo(line)
    typer.echo(f"The database is current ({sqlite_path(settings.database_url) or 'PostgreSQL'}).")


def _refused_today(session: Session) -> Iterator[str]:
    listed, count = [], 0
    for line in _invalid(session):
        count += 1
        if count <= MOST_LISTED:
            listed.append(f"  {line}")
    if count:
        yield "Stored, and refused today. They stay as they are; whoever sends one anew has to mend it:"
        yield from listed
    if count > MOST_LISTED:
        yield f"  and {count - MOST_LISTED:,} more."


def _invalid(session: Session) -> Iterator[str]:
    for partnership, code in invalid_tolerances(session):
        yield f"{partnership}, indicator {code}: tolerance: Expected zero or more."
    label = "Looking through the figures"
    with typer.progressbar(length=figure_count(session), label=label, file=sys.stderr) as progress:
        for each in invalid_figures(session, progress.update):
            part = f" ({each.breakdown})" if each.breakdown else ""
            place = f"{each.indicator} {each.period} {each.area}{part}"
            yield f"{each.partnership}, {place}: {each.message}"
