"""Asking over and over, on connections of our own; where a change must come before each request, this does it."""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Load:
    """What one round of asking found. `rate` is requests a second."""

    requests: int
    rate: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    wire: int
    """Bytes that came, headers included."""


class Connection:
    """One HTTP/1.1 connection, kept alive."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "", parts.port or 80

    async def __aenter__(self) -> "Connection":
        self._reader, self._writer = await asyncio.open_connection(self.host, self.port, limit=2**22)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    async def ask(self, request: bytes) -> Answer:
        """Raises ConnectionError or asyncio.IncompleteReadError when the server goes away."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")[:-2]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status = int(first.split(" ", 2)[1])
        body = b"" if status == 304 else await self._reader.readexactly(int(headers["content-length"]))
        return Answer(status, headers, body, len(head) + len(body))


def request_bytes(url: str, headers: dict[str, str], method: str = "GET", body: bytes = b"") -> bytes:
    parts = urlsplit(url)
    lines = [
        f"{method} {parts.path}{'?' if parts.query else ''}{parts.query} HTTP/1.1",
        f"Host: {parts.netloc}",
    ]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def ask_once(url: str, headers: dict[str, str], method: str = "GET", body: bytes = b"") -> Answer:
    async def asking() -> Answer:
        async with Connection(url) as connection:
            return await connection.ask(request_bytes(url, headers, method, body))

    return asyncio.run(asking())


def keep_asking(
    url: str,
    headers: dict[str, str],
    *,
    seconds: float,
    connections: int,
    status: int,
    before: Callable[[], None],
) -> Load:
    """As many as fit; `before` runs ahead of each request and is not counted.

    Each connection names its own preference in Accept, so that no kept answer of another's serves it.
    """
    taken: list[float] = []

    async def one(number: int, until: float) -> None:
        own = headers | {"Accept": f"application/json;q=0.{number + 1:03}"}
        request = request_bytes(url, own)
        async with Connection(url) as connection:
            while time.perf_counter() < until:
                before()
                taken.append(await _timed(connection, request, status))

    async def all_of_them() -> None:
        until = time.perf_counter() + seconds
        await asyncio.gather(*(one(number, until) for number in range(connections)))

    asyncio.run(all_of_them())
    return summary(taken, connections)


def send_each(url: str, requests: Sequence[bytes], status: int) -> Load:
    """Each request once, one after another."""

    async def sending() -> list[float]:
        async with Connection(url) as connection:
            return [await _timed(connection, request, status) for request in requests]

    return summary(asyncio.run(sending()), 1)


async def _timed(connection: Connection, request: bytes, status: int) -> float:
    began = time.perf_counter()
    answer = await connection.ask(request)
    took = time.perf_counter() - began
    if answer.status != status:
        raise RuntimeError(f"expected {status}, got {answer.status}: {answer.body[:500]!r}")
    return took


def summary(seconds: Sequence[float], connections: int) -> Load:
    """By Little's law: so many connections, each waiting so long on average."""
    hundredths = statistics.quantiles(seconds, n=100, method="inclusive")
    rate = connections / statistics.fmean(seconds)
    return Load(len(seconds), rate, hundredths[49] * 1000, hundredths[98] * 1000)
