"""Checks of the settings and the database before the service starts."""

from pathlib import Path

from sqlmodel import col, select

from app.cli.console import check_schema, database
from app.cli.stop import Stop
from app.config import Settings, settings_from_environment
from app.db import Database, sqlite_path
from app.models.access.person import Person

DEMONSTRATION_ADDRESS = "@demonstration.example"
"""Domain of the demonstration's email addresses; a reserved name, so nobody else has one."""


def check(is_public: bool) -> Path | None:
    """Checks that the service may start; returns the path of an SQLite database, None for PostgreSQL.

    Raises Stop where the database is missing or not current, and where a demonstration would be public.
    """
    settings = settings_from_environment()
    with database(settings) as opened:
        check_schema(opened)
        if is_public:
            _refuse_demonstration(settings, opened)
    return sqlite_path(settings.database_url)


def _refuse_demonstration(settings: Settings, opened: Database) -> None:
    """Raises Stop for a demonstration: its passwords and keys are on a screen, so it may not be public."""
    with opened.read() as session:
        person_id = session.exec(
            select(Person.id).where(col(Person.email).endswith(DEMONSTRATION_ADDRESS))
        ).first()
    if settings.mode == "demo" or person_id is not None:
        raise Stop("A demonstration is served on loopback only: leave --host out, or use another database.")
