"""Many readers at once: every one is answered, none much later than if they had come one after another."""

import asyncio
import statistics
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import count, islice

import httpx
import pytest

from tests.benchmarks.load import request_bytes
from tests.faults.batch import Batch, batches
from tests.faults.conftest import INDICATORS, WARDS, Deployment
from tests.faults.crowd import Timed, all_at_once, one_after_another, watch
from tests.stocked import counts
from tests.worker import running

NUMBERS = count(1)
PATHS = ("/priorities", "/indicators", "/figures", "/indicators/count-01/series", "/me", "/returns")


@pytest.fixture(scope="module")
def posts(deployment: Deployment) -> Iterator[Batch]:
    """What the writer sends: figures nobody has yet."""
    return batches([each["code"] for each in counts(INDICATORS)], WARDS, 10)


@pytest.mark.parametrize("processes", [1, 2])
async def test_many_reads_at_once_are_all_answered(
    deployment: Deployment,
    posts: Iterator[Batch],
    processes: int,
    long_form: bool,
    tell: Callable[[str], None],
) -> None:
    """Beside a writer; none of them could be answered from what is kept."""
    worker = deployment.worker(processes)
    with running(worker):
        for size in (300, 1_000) if long_form else (64,):
            async with writing(worker.url, deployment, posts):
                alone = await one_after_another(worker.url, reads(deployment, worker.url, size))
                crowd, health = await beside_a_watcher(worker.url, reads(deployment, worker.url, size))
            check(alone, crowd, health, tell, f"{size} reads, {processes} worker(s)")


async def beside_a_watcher(url: str, requests: Sequence[bytes]) -> tuple[list[Timed], list[Timed]]:
    done = asyncio.Event()
    watcher = asyncio.create_task(watch(url, done))
    try:
        return await all_at_once(url, requests), await _finished(watcher, done)
    finally:
        done.set()


async def _finished(watcher: "asyncio.Task[list[Timed]]", done: asyncio.Event) -> list[Timed]:
    done.set()
    return await watcher


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
