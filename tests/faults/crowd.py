"""Many clients at once, each on a connection of its own, and somebody beside them who watches over the service."""

import asyncio
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

from tests.benchmarks.load import Answer, Connection, request_bytes

EVERY = 0.02
"""Seconds between two looks of the watcher."""


@dataclass(frozen=True)
class Timed:
    answer: Answer
    seconds: float


async def one_after_another(url: str, requests: Sequence[bytes]) -> list[Timed]:
    async with Connection(url) as connection:
        return [await _timed(connection, request) for request in requests]


async def all_at_once(url: str, requests: Sequence[bytes]) -> list[Timed]:
    """Every client is connected before any of them asks."""
    connections = [Connection(url) for _ in requests]
    try:
        await asyncio.gather(*(each.__aenter__() for each in connections))
        return await asyncio.gather(*map(_timed, connections, requests))
    finally:
        await asyncio.gather(*(each.__aexit__() for each in connections), return_exceptions=True)


async def watch(url: str, until: asyncio.Event) -> list[Timed]:
    """Asks again and again whether the service is alive."""
    request = request_bytes(f"{url}/api/v1/health", {})
    seen: list[Timed] = []
    async with Connection(url) as connection:
        while not until.is_set():
            seen.append(await _timed(connection, request))
            await asyncio.sleep(EVERY)
    return seen


async def beside_a_watcher(url: str, crowd: Awaitable[list[Timed]]) -> tuple[list[Timed], list[Timed]]:
    """What the crowd was answered, and what the watcher was meanwhile."""
    done = asyncio.Event()
    watcher = asyncio.create_task(watch(url, done))
    try:
        answers = await crowd
    finally:
        done.set()
    return answers, await watcher


async def _timed(connection: Connection, request: bytes) -> Timed:
    began = time.perf_counter()
    answer = await connection.ask(request)
    return Timed(answer, time.perf_counter() - began)
