"""Connections to either kind of database, prepared as this program needs them."""

import sqlite3
import time
from typing import Any, cast

from pydantic_core import to_json
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.pool import QueuePool

from app.database_file import DatabaseFile

BUSY_SECONDS = 30
POOL_SECONDS = 5
"""To wait for a connection. There are as many as turns, so this is never reached unless one is lost."""
SILENT_SECONDS = 1
"""An attempt that fails after longer than this met a server that says nothing; for as long others are spared it."""


def make_engine(url: str, file: DatabaseFile | None, connections: int) -> Engine:
    if file is None:
        engine = create_engine(
            url,
            json_serializer=_json,
            pool_size=connections,
            max_overflow=0,
            pool_timeout=POOL_SECONDS,
            pool_pre_ping=True,
            connect_args={"connect_timeout": POOL_SECONDS},
        )
        event.listen(engine, "do_connect", _Attempts().connect)
        event.listen(engine, "connect", _prepare_postgres)
        return engine
    engine = create_engine(
        url,
        json_serializer=_json,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )
    event.listen(engine, "do_connect", lambda *_: file.open())
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", lambda connection: file.require_in_place(sqlite_connection(connection)))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


class _Attempts:
    """Connecting to a server. While it has just not answered, others fail at once: waiting one after another for
    the same silence would hold up everybody for minutes."""

    def __init__(self) -> None:
        self._next = 0.0

    def connect(self, dialect: Dialect, _record: Any, arguments: Any, named: Any) -> Any:
        driver: Any = dialect.loaded_dbapi
        began = time.monotonic()
        if began < self._next:
            raise driver.OperationalError("the database server has just not answered")
        try:
            return dialect.connect(*arguments, **named)
        except driver.OperationalError:
            failed = time.monotonic()
            if failed - began > SILENT_SECONDS:
                self._next = failed + SILENT_SECONDS
            raise


def _prepare_postgres(connection: Any, _record: Any) -> None:
    """To compile a statement for the machine takes longer than any of ours: pages of figures are found by many looks,
    each of a few rows, which PostgreSQL expects to be many."""
    connection.execute("SET jit = off")
    connection.commit()


def _json(value: Any) -> str:
    """Receipts are long, and written inside the write lock: the standard encoder takes seven times as long."""
    return to_json(value).decode()


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """The driver's own transactions are switched off: it would not begin one for reads or for DDL."""
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "cache_size = -500",
    ):
        connection.execute(f"PRAGMA {pragma}")


def sqlite_connection(connection: Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.driver_connection)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("saferplan_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
