"""Creates engines for either kind of database, with the settings this program needs."""

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
"""Longest wait for a connection. There are as many as turns, so it is reached only if one is lost."""
SILENT_SECONDS = 1
"""An attempt that fails after longer than this met a silent server; for as long, others fail at once."""


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
    """Connects to a server. After one attempt met a silent server, others fail at once for a second.

    Waiting for it one after another would delay everybody for minutes.
    """

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
    """Turns off compilation to machine code, which takes longer than any of our statements.

    Pages of figures are many index scans of a few rows each, and PostgreSQL expects many rows.
    """
    connection.execute("SET jit = off")
    connection.commit()


def _json(value: Any) -> str:
    """Encodes JSON columns. Receipts are long, and written inside the write lock: the standard encoder takes seven
    times as long."""
    return to_json(value).decode()


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """Switches off the driver's own transactions, which it would not begin for reads or for DDL; sets pragmas."""
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
