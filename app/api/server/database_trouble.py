"""Classifies database errors: the disk is full, the database cannot be reached, or the fault is ours."""

import sqlite3
from typing import Literal

from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError

NO_ROOM = {"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_FSYNC", "53100"}
"""SQLite's names and PostgreSQL's code. SQLite's name for a full disk depends on where the write failed."""
AWAY = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_CANTOPEN",
    "SQLITE_READONLY",
    "SQLITE_IOERR",
    "SQLITE_PROTOCOL",
)
"""Prefixes of SQLite's names for a file that cannot be used just now."""


def trouble_of(error: Exception) -> Literal["full", "away"] | None:
    """Classifies an error; None for a fault of ours, such as a statement that does not fit the tables."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    name = str(getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or "")
    if name in NO_ROOM:
        return "full"
    if isinstance(cause, sqlite3.Error):
        return "away" if name.startswith(AWAY) else None
    is_lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return "away" if is_lost or isinstance(error, OperationalError | TimeoutError) else None
