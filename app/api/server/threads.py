"""Runs blocking work in threads: reads, writes, password hashes and file parsing, each kind under its own limit.

A request that waits holds no connection; the thread that runs it opens one. So no holder of a connection ever waits
for a thread, and no more run at a time than there are connections.
"""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, Lock, to_thread
from fastapi import FastAPI
from sqlalchemy import Connection
from sqlmodel import Session

from app.api.server.problem import Refused
from app.api.server.turns import MOST_WAITING, Turns, busy
from app.db import Database

T = TypeVar("T")
HASHES_AT_ONCE = 2
"""Each takes 19 MiB and a core for 50 ms."""
HASHES_WAITING = 40
OTHER_THREADS = 4
"""For work without a connection, such as parsing a large JSON body."""


def install(app: FastAPI) -> None:
    # One more than there are readers, so that the next request is ready when a thread is free.
    app.state.turns = Turns(app.state.database.readers + 1)
    app.state.readers = CapacityLimiter(app.state.database.readers)
    app.state.writers = CapacityLimiter(1)
    app.state.health_limiter, app.state.health_lock = CapacityLimiter(1), Lock()
    app.state.health_problems, app.state.health_checked_at = [], float("-inf")
    app.state.hashing = CapacityLimiter(HASHES_AT_ONCE)
    app.state.unpacking = CapacityLimiter(1)


async def take_turn(limiter: CapacityLimiter, work: Callable[[], T]) -> T:
    """Runs `work` in a thread, first come first served; refuses with 503 if too many wait."""
    if limiter.statistics().tasks_waiting >= MOST_WAITING:
        raise busy()
    return await to_thread.run_sync(work, limiter=limiter)


async def read(app: FastAPI, work: Callable[[Session], T]) -> T:
    """Runs `work` in a thread, on a session of one snapshot."""

    def reading() -> T:
        database: Database = app.state.database
        with database.read() as session:
            return work(session)

    return await take_turn(app.state.readers, reading)


async def write(app: FastAPI, work: Callable[[Session], T]) -> T:
    """Runs `work` in a thread, on a session that holds the ledger; commits when it returns."""

    def writing() -> T:
        database: Database = app.state.database
        with database.write() as session:
            return work(session)

    return await take_turn(app.state.writers, writing)


async def write_without_seq(app: FastAPI, work: Callable[[Connection], T]) -> T:
    """Runs a write that does not bump `seq` in a thread, in turn with the other writers."""

    def writing() -> T:
        database: Database = app.state.database
        with database.write_without_seq() as connection:
            return work(connection)

    return await take_turn(app.state.writers, writing)


async def parse_file(app: FastAPI, work: Callable[[], T]) -> T:
    """Parses a file in a thread: one at a time, as each may need many times its own size in memory."""
    return await to_thread.run_sync(work, limiter=app.state.unpacking)


async def hash_password(app: FastAPI, work: Callable[[], T]) -> T:
    """Hashes or checks a password in a thread: two at a time; refuses with 429 if too many wait."""
    limiter: CapacityLimiter = app.state.hashing
    if limiter.statistics().tasks_waiting >= HASHES_WAITING:
        headers = {"Retry-After": "2"}
        raise Refused(
            429, "too_many_requests", "Too many are signing in just now. Try again.", headers=headers
        )
    return await to_thread.run_sync(work, limiter=limiter)
