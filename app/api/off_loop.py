"""Work outside a request's own transaction, off the event loop and without taking the handlers' threads."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI
from sqlalchemy import Connection
from sqlmodel import Session

from app.api.problem import Refused
from app.db import Database

T = TypeVar("T")
HASHES_AT_ONCE = 2
"""Each takes 19 MiB and a core for 50 ms."""
HASHES_WAITING = 40


def install(app: FastAPI) -> None:
    app.state.hashing = CapacityLimiter(HASHES_AT_ONCE)
    app.state.unpacking = CapacityLimiter(1)


async def read(app: FastAPI, work: Callable[[Session], T]) -> T:
    """On one snapshot."""

    def reading(database: Database) -> T:
        with database.read() as session:
            return work(session)

    return await to_thread.run_sync(reading, app.state.database)


async def write(app: FastAPI, work: Callable[[Session], T]) -> T:
    """Holding the ledger, in turn with the other writers; committed when it returns."""

    def writing(database: Database) -> T:
        with database.write() as session:
            return work(session)

    async with app.state.gate:
        return await to_thread.run_sync(writing, app.state.database)


async def aside(app: FastAPI, work: Callable[[Connection], T]) -> T:
    """A small write that changes nothing anybody reads, in turn with the other writers."""

    def writing(database: Database) -> T:
        with database.aside() as connection:
            return work(connection)

    async with app.state.gate:
        return await to_thread.run_sync(writing, app.state.database)


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
