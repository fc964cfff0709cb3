"""Work off the event loop: the threads a worker has, and how requests take turns at them.

A request waits for its turn holding nothing, and takes a connection only in the thread that uses it. So nobody
who holds a connection ever waits for a thread, and there are never more turns than connections.
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
"""For what takes no connection: taking a large JSON body apart, and the like."""


def install(app: FastAPI) -> None:
    # One more than can be read at once, so that the next is ready when a thread is.
    app.state.turns = Turns(app.state.database.readers + 1)
    app.state.readers = CapacityLimiter(app.state.database.readers)
    app.state.writers = CapacityLimiter(1)
    app.state.watching = CapacityLimiter(1)
    app.state.looking, app.state.looked, app.state.looked_at = Lock(), [], float("-inf")
    app.state.hashing = CapacityLimiter(HASHES_AT_ONCE)
    app.state.unpacking = CapacityLimiter(1)


async def take_turn(limiter: CapacityLimiter, work: Callable[[], T]) -> T:
    """Runs `work` in a thread, first come first served. 503 at once where the queue is too long."""
    if limiter.statistics().tasks_waiting >= MOST_WAITING:
        raise busy()
    return await to_thread.run_sync(work, limiter=limiter)


async def read(app: FastAPI, work: Callable[[Session], T]) -> T:
    """On one snapshot."""

    def reading() -> T:
        database: Database = app.state.database
        with database.read() as session:
            return work(session)

    return await take_turn(app.state.readers, reading)


async def write(app: FastAPI, work: Callable[[Session], T]) -> T:
    """Holding the ledger, in turn with the other writers; committed when it returns."""

    def writing() -> T:
        database: Database = app.state.database
        with database.write() as session:
            return work(session)

    return await take_turn(app.state.writers, writing)


async def aside(app: FastAPI, work: Callable[[Connection], T]) -> T:
    """A small write that changes nothing anybody reads, in turn with the other writers."""

    def writing() -> T:
        database: Database = app.state.database
        with database.aside() as connection:
            return work(connection)

    return await take_turn(app.state.writers, writing)


async def unpack(app: FastAPI, work: Callable[[], T]) -> T:
    """Takes a file apart: one at a time, as each may need many times its own size in memory."""
    return await to_thread.run_sync(work, limiter=app.state.unpacking)


async def slowly(app: FastAPI, work: Callable[[], T]) -> T:
    """A password's hash: a few at a time, and none beyond a short queue (429)."""
    limiter: CapacityLimiter = app.state.hashing
    if limiter.statistics().tasks_waiting >= HASHES_WAITING:
        headers = {"Retry-After": "2"}
        raise Refused(
            429, "too_many_requests", "Too many are signing in just now. Try again.", headers=headers
        )
    return await to_thread.run_sync(work, limiter=limiter)
