"""What has to be right before the service is started."""

from pathlib import Path

from sqlmodel import col, select

from app.cli.console import check_schema, database
from app.cli.stop import Stop
from app.config import Settings, settings_from_environment
from app.db import Database, sqlite_path
from app.models.access.person import Person

DEMONSTRATION_ADDRESS = "@demonstration.example"
"""Where the demonstration's people have their addresses: nobody else can, as the name is reserved."""


def check(is_public: bool) -> Path | None:
    """Gives the file of an embedded database. Stop where the service is not to be started, for anybody to reach
    or at all."""
    settings = settings_from_environment()
    with database(settings) as opened:
        check_schema(opened)
        if is_public:
            _refuse_demonstration(settings, opened)
    return sqlite_path(settings.database_url)


def _refuse_demonstration(settings: Settings, opened: Database) -> None:
    """Its passwords and keys stand in a file and on a screen, so nobody else's machine may reach it."""
    with opened.read() as session:
        people_of_it = session.exec(
            select(Person.id).where(col(Person.email).endswith(DEMONSTRATION_ADDRESS))
        ).first()
    if settings.mode == "demo" or people_of_it is not None:
        raise Stop("A demonstration is served on loopback only: leave --host out, or use another database.")
