"""How Alembic runs here: one transaction a migration, and for SQLite a real one."""

from alembic import context
from sqlmodel import SQLModel

from app import models  # noqa: F401  (registers every table)
from app.config import settings_from_environment
from app.db import Database

url = context.config.attributes.get("url") or settings_from_environment().database_url


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
                transactional_ddl=True,
            )
            with context.begin_transaction():
                context.run_migrations()
            connection.commit()
    finally:
        database.close()


run()
