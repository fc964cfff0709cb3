"""Many readers at once: every one is answered, none much later than if they had come one after another."""

import asyncio
import statistics
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from itertools import count, cycle, islice, product

import httpx
import pytest
from sqlmodel import Session, select

from app.api.server.turns import MOST_WAITING
from app.db import Database
from app.domain.access.authority import Role
from app.models.plan.partnership import Agency, Partnership
from tests.benchmarks.load import request_bytes
from tests.build import make_key, make_person, make_token
from tests.conftest import DATABASES
from tests.faults.batch import Batch, batches
from tests.faults.conftest import INDICATORS, WARDS, Deployment, deployed
from tests.faults.crowd import Timed, all_at_once, beside_a_watcher, one_after_another
from tests.stocked import counts
from tests.worker import Worker, running

MORE = MOST_WAITING + 80
"""Readers: more than may wait, and fewer than may be connected."""
NUMBERS = count(1)
PAGES = ("/", "/returns", "/indicators/count-01")
PATHS = ("/priorities", "/indicators", "/figures", "/indicators/count-01/series", "/me", "/returns")


@pytest.fixture(scope="module")
def posts(deployment: Deployment) -> Iterator[Batch]:
    """What the writer sends: figures nobody has yet."""
    return batches([each["code"] for each in counts(INDICATORS)], WARDS, 10)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each database and each number of processes; in the long form every pair of them, whose start takes 20 s."""
    kinds = (
        product(DATABASES, (1, 2))
        if metafunc.config.getoption("--long")
        else zip(DATABASES, (1, 2), strict=True)
    )
    metafunc.parametrize(("kind", "processes"), list(kinds), scope="module")


@pytest.fixture(scope="module")
def deployment(
    request: pytest.FixtureRequest, kind: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """One on a database of that kind."""
    with deployed(request, kind, tmp_path_factory.mktemp("readers")) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def server(deployment: Deployment, processes: int) -> Iterator[Worker]:
    """Of so many processes."""
    worker = deployment.worker(processes)
    with running(worker):
        yield worker


async def test_many_reads_at_once_are_all_answered(
    deployment: Deployment,
    server: Worker,
    posts: Iterator[Batch],
    processes: int,
    long_form: bool,
    tell: Callable[[str], None],
) -> None:
    """Beside a writer; none of them could be answered from what is kept."""
    for size in (300, 1_000) if long_form else (64,):
        alone, crowd = (reads(deployment, server.url, size) for _ in range(2))
        async with writing(server.url, deployment, posts):
            await compare(server.url, alone, crowd, tell, f"{size} reads, {processes} worker(s)")
    if long_form and processes == 1:
        await _check_bound(deployment, server.url)


async def test_many_keys_at_once_are_all_answered(
    deployment: Deployment,
    server: Worker,
    posts: Iterator[Batch],
    processes: int,
    long_form: bool,
    tell: Callable[[str], None],
) -> None:
    """Each with a key of its own."""
    tokens = keys_of_many(deployment, 300 if long_form else 64)
    requests = [
        request_bytes(f"{server.url}/api/v1{path}", {"Authorization": f"Bearer {token}"})
        for token, path in zip(tokens, cycle(PATHS), strict=False)
    ]
    what = f"{len(tokens)} reads by as many keys, {processes} worker(s)"
    async with writing(server.url, deployment, posts):
        await compare(server.url, requests, requests, tell, what)


async def test_thirty_people_open_pages_at_once(
    deployment: Deployment,
    server: Worker,
    posts: Iterator[Batch],
    processes: int,
    tell: Callable[[str], None],
) -> None:
    """Several asks of the API a page, each by whoever is signed in."""
    cookies = [f"saferplan={token}" for token in people_signed_in(deployment, 30)]
    requests = [
        request_bytes(server.url + path, {"Cookie": cookie})
        for cookie, path in zip(cookies, cycle(PAGES), strict=False)
    ]
    async with writing(server.url, deployment, posts):
        await compare(server.url, requests, requests, tell, f"30 people, {processes} worker(s)")


async def compare(
    url: str, alone: Sequence[bytes], crowd: Sequence[bytes], tell: Callable[[str], None], what: str
) -> None:
    """The same questions one after another, and all at once."""
    one_by_one = await one_after_another(url, alone)
    at_once, health = await beside_a_watcher(url, all_at_once(url, crowd))
    check(one_by_one, at_once, health, tell, what)


async def _check_bound(deployment: Deployment, url: str) -> None:
    """More than may wait: who is one too many is told so at once, by whoever has no place left for them."""
    crowd, health = await beside_a_watcher(url, all_at_once(url, reads(deployment, url, MORE)))
    refused = [each for each in crowd if each.answer.status == 503]
    assert {each.answer.status for each in crowd} == {200, 503}
    assert len(refused) <= MORE - MOST_WAITING
    assert all(int(each.answer.headers["retry-after"]) > 0 for each in refused)
    assert {each.answer.status for each in health} == {200}
    assert max(each.seconds for each in refused) < max(each.seconds for each in crowd) / 2


def people_signed_in(deployment: Deployment, many: int) -> list[str]:
    """Tokens of officers' sessions."""
    with opened(deployment) as session:
        partnership = session.exec(select(Partnership)).one()
        return [make_token(session, make_person(session, partnership, Role.OFFICER)) for _ in range(many)]


def keys_of_many(deployment: Deployment, many: int) -> list[str]:
    with opened(deployment) as session:
        partnership, agency = session.exec(select(Partnership)).one(), session.exec(select(Agency)).one()
        return [make_key(session, partnership, agency=agency).secret for _ in range(many)]


@contextmanager
def opened(deployment: Deployment) -> Iterator[Session]:
    database = Database(deployment.database_url)
    try:
        with database.write() as session:
            yield session
    finally:
        database.close()


def check(
    alone: Sequence[Timed],
    crowd: Sequence[Timed],
    health: Sequence[Timed],
    tell: Callable[[str], None],
    what: str,
) -> None:
    assert {each.answer.status for each in [*alone, *crowd, *health]} == {200}
    one_by_one, slowest = sum(each.seconds for each in alone), max(each.seconds for each in crowd)
    looks = [each.seconds for each in health]
    tell(
        f"{what}: one after another {one_by_one:.2f} s, the slowest of all at once {slowest:.2f} s; "
        f"health median {statistics.median(looks) * 1000:.0f} ms, slowest {max(looks) * 1000:.0f} ms"
    )
    assert slowest < 2 * one_by_one
    # A look that waited for the reads would take about as long as they do.
    assert statistics.median(looks) < slowest / 10
    assert max(looks) < slowest / 2


def reads(deployment: Deployment, url: str, size: int) -> list[bytes]:
    """Each with a preference of its own in Accept, which no kept answer fits."""
    return [
        request_bytes(
            f"{url}/api/v1{PATHS[number % len(PATHS)]}",
            deployment.headers | {"Accept": f"application/json;q=0.9, */*;q=0.{number:06}"},
        )
        for number in islice(NUMBERS, size)
    ]


@asynccontextmanager
async def writing(url: str, deployment: Deployment, posts: Iterator[Batch]) -> AsyncIterator[None]:
    """Somebody posts figures meanwhile, one call after another."""

    async def write() -> None:
        async with httpx.AsyncClient(headers=deployment.headers, timeout=120) as client:
            for batch in posts:
                answer = await client.post(f"{url}/api/v1/figures", json={"figures": batch.rows})
                assert answer.status_code == 201, answer.text
                await asyncio.sleep(0.05)

    task = asyncio.create_task(write())
    try:
        yield
        assert not task.done(), "the writer came to an end"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
