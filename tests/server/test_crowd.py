"""Thousands who connect and say nothing: others are answered all the while, and memory does not grow."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.server.connections import Connections, Phase
from tests.server.conftest import serving
from tests.server.raw import exchange, request
from tests.worker import Worker, running

MB = 1024 * 1024
FORM = request(
    "/sign-in", "Content-Length: 900", "Content-Type: application/x-www-form-urlencoded", method="POST"
)


class Prober:
    """Asks for the service's health over and over, each time on a connection of its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.seconds: list[float] = []
        self.failures: list[str] = []
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Prober":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._end.set()
        self._thread.join()

    @property
    def p95(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)]

    def _run(self) -> None:
        while not self._end.is_set():
            began = time.monotonic()
            try:
                found = [answer.status for answer in exchange(self.port, request())]
                if found != [200]:
                    self.failures.append(str(found))
            except OSError as error:
                self.failures.append(repr(error))
            self.seconds.append(time.monotonic() - began)
            time.sleep(0.01)


@contextlib.contextmanager
def crowd(port: int, many: int, *first: bytes) -> Iterator[list[socket.socket]]:
    """So many connections that are open, each having sent one of `first` in turn."""
    with contextlib.ExitStack() as stack:
        found = []
        for number in range(many):
            found.append(stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20)))
            if first:
                with contextlib.suppress(OSError):
                    found[-1].sendall(first[number % len(first)])
        yield found


@pytest.mark.parametrize(
    ("many", "first"),
    [
        (2_000, ()),
        (1_500, (b"GET / HTTP/1.1\r\n", request(), b"GET /" + b"x" * 8_000)),
        (1_500, (FORM,)),
    ],
    ids=["silent", "half a head", "half a body"],
)
def test_a_crowd_that_waits(server: Worker, many: int, first: tuple[bytes, ...]) -> None:
    exchange(server.port, request())
    before = server.peak_memory()
    with Prober(server.port) as alone:
        time.sleep(2)
    with Prober(server.port) as meanwhile, crowd(server.port, many, *first), Prober(server.port) as beside:
        time.sleep(3)
    assert (meanwhile.failures, beside.failures) == ([], [])
    asks_something = FORM in first  # of the pages, which have to begin on it
    if not asks_something:
        assert beside.p95 < max(0.5, 10 * alone.p95), (beside.p95, alone.p95)
    assert server.peak_memory() - before < (30 if asks_something else 20) * MB


def test_more_than_there_are_file_handles(server_database: str, directory: Path) -> None:
    """The longest waiting make room; nobody who asks for something is turned away."""
    worker = serving(server_database, directory / "few.log", files=300)
    with running(worker), Prober(worker.port) as prober, crowd(worker.port, 1_100):
        time.sleep(2)
    assert prober.failures == []


class Waiting:
    """A connection that remembers that it was closed."""

    def __init__(self) -> None:
        self.is_closed = False

    def make_room(self) -> None:
        self.is_closed = True


def test_room_is_made_by_the_longest_waiting_and_never_by_one_that_is_answered() -> None:
    connections = Connections(3)
    answered, body, head = Waiting(), Waiting(), Waiting()
    for each, phase in ((answered, Phase.ANSWER), (body, Phase.BODY), (head, Phase.HEAD)):
        assert connections.has_room()
        connections.move(each, None, phase)
    for closed in (head, body):
        assert connections.has_room()
        assert closed.is_closed
        connections.move(Waiting(), None, Phase.ANSWER)
    assert not connections.has_room()
    assert not answered.is_closed
