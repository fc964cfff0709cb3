"""Compares a database's schema with this program's."""

from functools import cache
from typing import Literal

from sqlalchemy import Engine, inspect, text

from app.config import project_file

SchemaState = Literal["none", "behind", "current", "newer"]


def schema_state(engine: Engine) -> SchemaState:
    """How the database's schema compares with this program's."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return "none"
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    own_revisions = revisions()
    if revision is None:
        return "none"
    if revision not in own_revisions:
        return "newer"
    return "current" if revision == own_revisions[-1] else "behind"


@cache
def revisions() -> tuple[str, ...]:
    """Revisions of this program's schema, oldest first: the names of the numbered migrations."""
    return tuple(sorted(file.stem for file in project_file("migrations").glob("versions/[0-9]*.py")))
