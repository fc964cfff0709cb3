"""Taking turns: few at once, first come first served, and nobody holds a connection while waiting for a thread."""

import asyncio
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from starlette.types import Message, Receive, Scope, Send

from app.api.server import ledger_reader
from app.api.server.problem import Refused
from app.api.server.turns import Turns
from app.db import forget
from tests.api.conftest import Stock
from tests.build import Service, assert_problem, serving
from tests.town import Town, figures, row

PATHS = (
    "/priorities",
    "/indicators",
    "/figures",
    "/indicators/asb-incidents/series",
    "/returns",
    "/me",
    "/plans",
)
CSV = b"indicator,period,value,reason\nasb-incidents,2017-18-Q2,4300,recount\n"


class Program:
    """Begins an answer when it is told to, and ends it when it is told to."""

    def __init__(self) -> None:
        self.began: list[int] = []
        self.may_answer = asyncio.Event()
        self.may_end = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.began.append(scope["number"])
        await self.may_answer.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await self.may_end.wait()


async def receive() -> Message:
    raise AssertionError("nothing is read before a turn")


async def send(_message: Message) -> None: ...


def ask(turns: Turns, program: Program, number: int) -> "asyncio.Task[None]":
    return asyncio.create_task(turns.take(program, {"type": "http", "number": number}, receive, send))


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_few_are_worked_on_and_the_others_wait_in_order() -> None:
    turns, program = Turns(2), Program()
    tasks = [ask(turns, program, number) for number in range(5)]
    await settle()
    assert program.began == [0, 1]
    program.may_answer.set()
    await settle()
    assert program.began == [0, 1, 2, 3, 4], "a turn ends where the answer begins, not where it has been read"
    program.may_end.set()
    await asyncio.gather(*tasks)
    assert (turns.free, len(turns.waiting)) == (2, 0)


async def test_one_too_many_is_told_at_once() -> None:
    turns, program = Turns(1, most_waiting=1), Program()
    tasks = [ask(turns, program, number) for number in range(2)]
    await settle()
    with pytest.raises(Refused, match="Try again"):
        await ask(turns, program, 2)
    program.may_answer.set()
    program.may_end.set()
    await asyncio.gather(*tasks)
    assert program.began == [0, 1]


async def test_whoever_gives_up_leaves_the_queue_and_loses_no_turn() -> None:
    turns, program = Turns(1), Program()
    first, gone, last = (ask(turns, program, number) for number in range(3))
    await settle()
    gone.cancel()
    await settle()
    program.may_answer.set()
    program.may_end.set()
    await asyncio.gather(first, last)
    assert (program.began, turns.free) == ([0, 2], 1)


async def test_a_turn_given_to_somebody_who_has_just_left_goes_to_the_next() -> None:
    turns, program = Turns(1), Program()
    first, gone, last = (ask(turns, program, number) for number in range(3))
    await settle()
    program.may_answer.set()
    program.may_end.set()
    turns.waiting.popleft().set()  # a second turn comes free, and with it everybody has had one
    gone.cancel()
    await asyncio.gather(first, last)
    assert (program.began, turns.free) == ([0, 2], 2)


@dataclass
class Counts:
    """Connections that are out, by the thread that took each, beside the threads that are at work."""

    service: Service
    out: Counter[int] = field(default_factory=Counter)
    most_out: int = 0
    wrong: list[str] = field(default_factory=list)
    by: dict[int, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def threads_at_work(self) -> int:
        state: Any = self.service.gateway.app.state
        return sum(each.borrowed_tokens for each in (state.readers, state.writers, state.health_limiter))

    def taken(self, connection: Any, _record: Any, _proxy: Any) -> None:
        thread = threading.get_ident()
        with self.lock:
            self.by[id(connection)] = thread
            self.out[thread] += 1
            self.most_out = max(self.most_out, self.out.total())
            if self.out[thread] > 1:
                self.wrong.append("a thread took a second connection")
            if self.out.total() > self.threads_at_work():
                self.wrong.append("a connection is out that no thread at work has taken")

    def given_back(self, connection: Any, _record: Any) -> None:
        with self.lock:
            thread = self.by.pop(id(connection))
            self.out[thread] -= 1
            if thread != threading.get_ident():
                self.wrong.append("a connection was handed from one thread to another")


async def test_no_request_holds_a_connection_while_it_waits_for_a_thread(
    service: Service, town: Town
) -> None:
    counts = Counts(service)
    event.listen(service.database.engine, "checkout", counts.taken)
    event.listen(service.database.engine, "checkin", counts.given_back)
    loop = threading.get_ident()
    asked = [
        service.get(PATHS[n % len(PATHS)], town.staff, headers={"Accept": f"application/json;q=0.{n:03}"})
        for n in range(1, 65)
    ]
    asked += [
        service.post("/figures", town.analysts, json=figures(row(value=n, reason="x"))) for n in range(8)
    ]
    csv = {"Content-Type": "text/csv"}
    asked += [service.post("/uploads", town.analysts, content=CSV, headers=csv) for _ in range(4)]
    asked += [
        service.post("/sessions", json={"email": "a@b.example", "password": "x" * 20}) for _ in range(4)
    ]
    asked += [
        service.get("/figures?limit=0", town.staff),
        service.get("/keys", town.staff),
        service.get("/ready"),
    ]
    answers = await asyncio.gather(*asked)
    assert {each.status_code for each in answers[:76]} == {200, 201}
    assert counts.wrong == []
    assert loop not in counts.out, "the event loop itself waited for the database"
    assert 2 <= counts.most_out <= service.database.readers + 2


async def test_who_asks_comes_before_what_is_wrong_with_the_request(
    one_service: Service, one_town: Town
) -> None:
    json = {"Content-Type": "application/json"}
    bad: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", "/figures?limit=0", {}),
        ("GET", "/figures?nothing=1", {}),
        ("GET", "/figures?cursor=x", {}),
        ("GET", "/figures?partnership=nowhere", {}),
        ("POST", "/keys", {"content": b"{", "headers": json}),
        ("POST", "/keys", {"content": b"[]", "headers": json}),
        ("POST", "/keys", {"content": b"x" * 2**21, "headers": json}),
        ("POST", "/keys", {"content": b"x", "headers": {"Content-Type": "text/plain"}}),
        ("POST", "/figures", {"content": b"\xff", "headers": json}),
        ("DELETE", "/sessions/current", {"content": b"x"}),
    ]
    for method, path, rest in bad:
        for token in (None, "sp_unknown_secret"):
            answer = await one_service.ask(method, path, token, **rest)
            assert_problem(answer, 401, "unauthenticated")
    refused = await one_service.post("/keys", one_town.analysts, content=b"{", headers=json)
    assert_problem(refused, 403, "forbidden")
    assert_problem(await one_service.get("/figures?limit=0", one_town.analysts), 422, "invalid")
    assert_problem(
        await one_service.get("/figures?limit=0&partnership=nowhere", one_town.analysts), 422, "invalid"
    )


@contextmanager
def somebody_writing(service: Service) -> Iterator[None]:
    """A long write elsewhere: an import, a worker, another process."""
    begun, ended = threading.Event(), threading.Event()

    def write() -> None:
        with service.database.write() as session:
            begun.set()
            ended.wait(30)
            forget(session)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        begun.wait(30)
        try:
            yield
        finally:
            ended.set()
            writing.result()


async def test_a_refusal_waits_for_the_writer_and_holds_up_no_reader(service: Service, town: Town) -> None:
    """It is written down; whoever may read is answered meanwhile."""
    many = service.database.readers + 2
    with somebody_writing(service):
        refused = [
            asyncio.create_task(service.get(f"/users?limit={n + 1}", town.funder)) for n in range(many)
        ]
        await asyncio.sleep(0.2)
        answer = await asyncio.wait_for(service.get("/priorities", town.staff), 10)
        waiting = [each for each in refused if not each.done()]
    assert answer.status_code == 200
    assert waiting, "no refusal waited to be written down: this tried nothing"
    assert {each.status_code for each in await asyncio.gather(*refused)} == {403}


async def test_who_is_unknown_is_told_without_waiting_for_a_writer(service: Service, town: Town) -> None:
    asked: list[tuple[str, str]] = [
        ("DELETE", "/sessions/current"),
        ("POST", "/keys"),
        ("POST", "/figures"),
        ("PATCH", "/users/1"),
    ]
    with somebody_writing(service):
        for method, path in asked:
            answer = await asyncio.wait_for(service.ask(method, path, "sp_nobody", json={}), 10)
            assert_problem(answer, 401, "unauthenticated")


async def test_made_up_tokens_count_as_the_address_they_come_from(sqlite_url: str, stock: Stock) -> None:
    async with serving(stock.copy_to(sqlite_url), requests_a_minute=5) as service:
        service.gateway.rate.clock = lambda: 90.0
        town = stock.town_of(sqlite_url)
        assert (await service.get("/me", town.staff)).status_code == 200
        statuses = [(await service.get("/me", f"sp_made_up_{n}")).status_code for n in range(8)]
        assert statuses == [401] * 5 + [429] * 3
        assert (await service.get("/me", town.staff)).status_code == 200, "who was known goes on"
        assert (await service.get("/me", town.police)).status_code == 429, "nobody knows who that is, yet"


async def test_the_description_is_made_once_and_kept_by_whoever_has_it(one_service: Service) -> None:
    first = await one_service.get("/openapi.json")
    assert first.json()["openapi"].startswith("3.1")
    assert first.headers["content-encoding"] == "gzip"
    again = await one_service.get("/openapi.json", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = await one_service.get("/openapi.json", headers={"Accept-Encoding": "identity"})
    assert plain.json() == first.json()


async def test_a_silent_database_is_asked_once_for_all_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_reader, "SECONDS_TO_ANSWER", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # the kernel takes connections, and nobody answers
        url = f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/nothing"
        reader = ledger_reader.PostgresLedger(url)
        began = time.monotonic()
        answers = await asyncio.gather(*(reader.state() for _ in range(20)), return_exceptions=True)
    assert {type(each) for each in answers} == {OperationalError}
    assert time.monotonic() - began < 5, "one after another it would be ten seconds"
