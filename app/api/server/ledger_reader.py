"""Reads the ledger's number and epoch, for every request with a cached response."""

import sqlite3
import time
from asyncio import Lock, timeout
from contextlib import suppress
from typing import Any, Protocol, cast

from sqlalchemy.exc import OperationalError

from app.db import sqlite_path

QUERY = "SELECT seq, epoch FROM ledger"
SECONDS_TO_ANSWER = 5
SECONDS_BETWEEN_TRIES = 1


LedgerState = tuple[int, str]
"""Number of the last change, and its epoch."""


class LedgerReader(Protocol):
    async def state(self) -> LedgerState: ...
    async def close(self) -> None: ...


class SqliteLedger:
    """Reads on a connection of its own, in the event loop, as it takes only microseconds."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)

    async def state(self) -> LedgerState:
        return cast(LedgerState, self._connection.execute(QUERY).fetchone())

    async def close(self) -> None:
        self._connection.close()


class PostgresLedger:
    """Reads on a connection of its own; reconnects if it is lost, as the server may have been restarted."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._connection: Any = None
        self._lock = Lock()
        self._silent_until = 0.0

    async def state(self) -> LedgerState:
        """Reads the state; raises OperationalError if the server does not answer."""
        async with self._lock:
            if time.monotonic() < self._silent_until:  # requests that waited for a failed try do not try, too
                raise OperationalError(QUERY, None, ConnectionError("it has just not answered"))
            try:
                async with timeout(SECONDS_TO_ANSWER):
                    return await self._read_or_reconnect()
            except Exception as error:
                self._silent_until = time.monotonic() + SECONDS_BETWEEN_TRIES
                self._connection = None
                raise OperationalError(QUERY, None, error) from error

    async def _read_or_reconnect(self) -> LedgerState:
        from psycopg import AsyncConnection, Error  # a worker on SQLite has no use for it

        if self._connection is not None:
            with suppress(Error):  # a new connection shows what is wrong
                return await self._read()
            await self.close()
        self._connection = await AsyncConnection.connect(self._conninfo, autocommit=True)
        return await self._read()

    async def _read(self) -> LedgerState:
        cursor = await self._connection.execute(QUERY, prepare=True)
        return cast(LedgerState, await cursor.fetchone())

    async def close(self) -> None:
        if self._connection is not None:
            with suppress(Exception):
                await self._connection.close()
            self._connection = None


def ledger_reader(url: str) -> LedgerReader:
    """Makes the reader for a database URL."""
    path = sqlite_path(url)
    if path is not None:
        return SqliteLedger(str(path))
    return PostgresLedger(url.replace("postgresql+psycopg", "postgresql", 1))
