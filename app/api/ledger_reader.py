"""Reads the ledger's number, for every request that an answer is kept for."""

import sqlite3
from asyncio import Lock
from contextlib import suppress
from typing import Any, Protocol

from sqlalchemy.exc import OperationalError

from app.db import sqlite_path

SECONDS_TO_CONNECT = 5


class LedgerReader(Protocol):
    async def seq(self) -> int: ...
    async def close(self) -> None: ...


class SqliteLedger:
    """A primary-key read on a connection of its own: microseconds, so it need not leave the event loop."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)

    async def seq(self) -> int:
        return int(self._connection.execute("SELECT seq FROM ledger").fetchone()[0])

    async def close(self) -> None:
        self._connection.close()


class PostgresLedger:
    """One connection of its own, made anew when it was lost: the server may have been restarted."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._connection: Any = None
        self._lock = Lock()

    async def seq(self) -> int:
        """Raises OperationalError where the server does not answer."""
        async with self._lock:
            if self._connection is not None:
                with suppress(Exception):  # whatever is wrong with it, a new one tells
                    return await self._ask()
                await self.close()
            return await self._ask_anew()

    async def _ask_anew(self) -> int:
        from psycopg import AsyncConnection, Error  # a worker on SQLite has no use for it

        try:
            self._connection = await AsyncConnection.connect(
                self._conninfo, autocommit=True, connect_timeout=SECONDS_TO_CONNECT
            )
            return await self._ask()
        except Error as error:
            raise OperationalError("SELECT seq", None, error) from error

    async def _ask(self) -> int:
        cursor = await self._connection.execute("SELECT seq FROM ledger", prepare=True)
        return int((await cursor.fetchone())[0])

    async def close(self) -> None:
        if self._connection is not None:
            with suppress(Exception):
                await self._connection.close()
            self._connection = None


def ledger_reader(url: str) -> LedgerReader:
    path = sqlite_path(url)
    if path is not None:
        return SqliteLedger(str(path))
    return PostgresLedger(url.replace("postgresql+psycopg", "postgresql", 1))
