"""Shared by the commands: the settings, an open and current database, and the actor."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session, select

from app.cli.stop import Stop
from app.config import Settings, settings_from_environment
from app.db import Database, alone, migrate, sqlite_path
from app.domain.access.authority import Actor
from app.models.plan.partnership import Agency, Partnership
from app.queries.schema import schema_state

ACTOR = Actor.of_service("command line")
"""Anyone who can run a command can already read the database, so the record names no person."""


AN_EMAIL = "an email address such as analyst@agency.example"


def clock() -> datetime:
    """Real time, even with a fixed day: keys and links expire by it."""
    return datetime.now(UTC)


def is_missing(settings: Settings) -> bool:
    """Whether the database is SQLite and its file does not exist."""
    path = sqlite_path(settings.database_url)
    return path is not None and not path.exists()


@contextmanager
def trial_database() -> Iterator[Database]:
    """Opens an empty temporary database of the newest schema, for a dry run before there is a database."""
    with TemporaryDirectory(prefix="saferplan-") as directory:
        url = f"sqlite:///{directory}/trial.db"
        migrate(url)
        opened = Database(url)
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def database(settings: Settings | None = None) -> Iterator[Database]:
    """Opens the database; raises Stop if there is none or its schema is not current."""
    settings = settings or settings_from_environment()
    if is_missing(settings):
        path = sqlite_path(settings.database_url)
        raise Stop(f"There is no database at {path}. Make one: saferplan init (or saferplan migrate).")
    opened = Database(settings.database_url)
    try:
        with stop_if_unreachable():
            check_schema(opened)
            yield opened
    finally:
        opened.close()


def migrate_database(settings: Settings) -> None:
    """Migrates the database to the newest schema, if it is older.

    Raises DatabaseInUse if it must be migrated while another process has it open, Stop if it cannot be reached.
    """
    with stop_if_unreachable():
        if not _is_current(settings):
            with alone(settings.database_url):
                migrate(settings.database_url)


def _is_current(settings: Settings) -> bool:
    if is_missing(settings):
        return False
    opened = Database(settings.database_url)
    try:
        return schema_state(opened.engine) == "current"
    finally:
        opened.close()


@contextmanager
def stop_if_unreachable() -> Iterator[None]:
    """Raises Stop with one line for a database that cannot be reached; other errors pass through."""
    try:
        yield
    except DBAPIError as error:
        if error.statement is not None and not isinstance(error, OperationalError):
            raise
        raise Stop(f"The database cannot be used: {_first_line(error)}") from error


def check_schema(opened: Database) -> None:
    state = schema_state(opened.engine)
    if state == "newer":
        raise Stop("The database was made by a newer Saferplan. Install that version.")
    if state != "current":
        raise Stop("The database is not migrated to this version. Run: saferplan migrate")


def parse_option(text: str, kind: Any, expected: str) -> str:
    """Parses an option's text by its type; raises Stop with what was expected."""
    try:
        return str(TypeAdapter(kind).validate_python(text))
    except ValidationError as error:
        raise Stop(f"Expected {expected}, not {text!r}.") from error


def find_partnership(session: Session, code: str | None) -> Partnership:
    """Finds the partnership by its code, or the only one; raises Stop if there is none or several."""
    partnerships = session.exec(select(Partnership).order_by(Partnership.code)).all()
    if not partnerships:
        raise Stop("There is no partnership yet. Begin with saferplan init, or import a plan document.")
    codes = ", ".join(row.code for row in partnerships)
    if code is None:
        if len(partnerships) > 1:
            raise Stop(f"Several partnerships are here. Say which with --partnership: {codes}.")
        return partnerships[0]
    for row in partnerships:
        if row.code == code:
            return row
    raise Stop(f"There is no partnership {code}. There is: {codes}.")


def find_agency(session: Session, code: str) -> Agency:
    agency = session.exec(select(Agency).where(Agency.code == code)).first()
    if agency is None:
        codes = ", ".join(session.exec(select(Agency.code).order_by(Agency.code)).all()) or "none yet"
        raise Stop(f"There is no agency {code}. There is: {codes}.")
    return agency


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().partition("\n")[0]
