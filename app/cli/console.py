"""What every command needs: the settings, an open and current database, and who is acting."""

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
"""Whoever can run this already holds the database: the record says so and no more."""


AN_EMAIL = "an email address such as analyst@agency.example"


def clock() -> datetime:
    """Real time, which keys and links run out by."""
    return datetime.now(UTC)


def is_missing(settings: Settings) -> bool:
    """Whether the embedded database has not been made yet."""
    path = sqlite_path(settings.database_url)
    return path is not None and not path.exists()


@contextmanager
def trial_database() -> Iterator[Database]:
    """An empty one of the newest schema, for a look at what would happen where there is none yet."""
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
    """An open database of the newest schema; Stop where there is none, or it must be migrated first."""
    settings = settings or settings_from_environment()
    if is_missing(settings):
        path = sqlite_path(settings.database_url)
        raise Stop(f"There is no database at {path}. Make one: saferplan init (or saferplan migrate).")
    opened = Database(settings.database_url)
    try:
        with reached():
            check_schema(opened)
            yield opened
    finally:
        opened.close()


def migrated(settings: Settings) -> None:
    """Brings the database up to the newest schema, which no running process may see change.

    Raises DatabaseInUse where there is something to change and another process has it open, Stop where it
    cannot be reached.
    """
    with reached():
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
def reached() -> Iterator[None]:
    """Stop, in a line, where a database cannot be reached or used; a fault of ours is raised as it is."""
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


def checked(value: str, kind: Any, expected: str) -> str:
    """The value as its type keeps it; Stop says what was expected instead."""
    try:
        return str(TypeAdapter(kind).validate_python(value))
    except ValidationError as error:
        raise Stop(f"Expected {expected}, not {value!r}.") from error


def find_partnership(session: Session, code: str | None) -> Partnership:
    """The partnership named, or the only one there is."""
    found = session.exec(select(Partnership).order_by(Partnership.code)).all()
    if not found:
        raise Stop("There is no partnership yet. Begin with saferplan init, or import a plan document.")
    codes = ", ".join(row.code for row in found)
    if code is None:
        if len(found) > 1:
            raise Stop(f"Several partnerships are here. Say which with --partnership: {codes}.")
        return found[0]
    for row in found:
        if row.code == code:
            return row
    raise Stop(f"There is no partnership {code}. There is: {codes}.")


def find_agency(session: Session, code: str) -> Agency:
    found = session.exec(select(Agency).where(Agency.code == code)).first()
    if found is None:
        known = ", ".join(session.exec(select(Agency.code).order_by(Agency.code)).all()) or "none yet"
        raise Stop(f"There is no agency {code}. There is: {known}.")
    return found


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().partition("\n")[0]
