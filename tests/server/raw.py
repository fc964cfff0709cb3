"""Requests as bytes, and what comes back: what no HTTP client would send has to be sent by hand."""

import json
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

HEALTH = "/api/v1/health"
SECONDS = 20.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@contextmanager
def connected(port: int, *, window: int | None = None) -> Iterator[socket.socket]:
    """`window` is how many bytes may come before they are read; else as the system has it."""
    with socket.socket() as connection:
        if window is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        connection.settimeout(SECONDS)
        connection.connect(("127.0.0.1", port))
        yield connection


def request(
    target: str = HEALTH, *headers: str, method: str = "GET", host: str | None = "localhost"
) -> bytes:
    """A whole head, with a Host header unless `host` is None."""
    lines = [f"{method} {target} HTTP/1.1", *([f"Host: {host}"] if host is not None else []), *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def exchange(port: int, *parts: bytes, pause: float = 0.0, many: int = 1) -> list[Answer]:
    """The answers on one connection: until the server ends it, or has given `many` and would take another request."""
    with connected(port) as connection:
        send(connection, parts, pause)
        return answers(connection, many=many)


def send(connection: socket.socket, parts: Iterable[bytes], pause: float = 0.0) -> int:
    """Sends until everything is gone or the server has closed; gives how many bytes went."""
    sent = 0
    for part in parts:
        try:
            connection.sendall(part)
        except OSError:
            break
        sent += len(part)
        time.sleep(pause)
    return sent


def answers(connection: socket.socket, many: int = 1) -> list[Answer]:
    """What has come once the server closes, or has given `many` answers and keeps the connection."""
    received = b""
    found: list[Answer] = []
    try:
        while piece := connection.recv(65536):
            received += piece
            found = list(_split(received))
            if len(found) >= many and "connection" not in found[-1].headers:
                break
    except OSError:
        pass
    return found


def is_closed(connection: socket.socket, seconds: float) -> bool:
    """Whether the server ends the connection within so many seconds."""
    connection.settimeout(seconds)
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def _split(received: bytes) -> Iterator[Answer]:
    """The answers that are all there."""
    while b"\r\n\r\n" in received:
        head, _, rest = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        length = int(headers.get("content-length", "0"))
        if len(rest) < length:
            return
        yield Answer(int(first.split()[1]), headers, rest[:length])
        received = rest[length:]
