"""How Alembic runs here: one transaction a migration, and for SQLite a real one."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from app import models  # noqa: F401  (registers every table)
from app.config import settings_from_environment
from app.db import Database

url = context.config.attributes.get("url") or settings_from_environment().database_url


def as_code(kind: str, thing: Any, autogen_context: Any) -> str | Literal[False]:
    """Column types of our own appear in a migration by name, from the module they live in."""
    if kind == "type" and isinstance(thing, TypeDecorator) and type(thing).__module__ == "app.models.column":
        autogen_context.imports.add("from app.models import column")
        return f"column.{type(thing).__name__}()"
    return False


def run() -> None:
    database = Database(url)
    try:
        with database.engine.connect() as connection:
            connection.execution_options(saferplan_write=True)
            context.configure(
                connection=connection,
                target_metadata=SQLModel.metadata,
                render_as_batch=database.is_sqlite,
                compare_type=True,
                render_item=as_code,
                transactional_ddl=True,
            )
            with context.begin_transaction():
                context.run_migrations()
            connection.commit()
    finally:
        database.close()


run()
