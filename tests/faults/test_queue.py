"""A read beside a long queue of writers does not wait for them."""

import asyncio
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.faults.batch import Batch, batches
from tests.faults.conftest import INDICATORS, WARDS, stocked
from tests.stocked import counts
from tests.worker import running

WRITERS = 200
ROWS = 10


async def test_reads_beside_two_hundred_queued_writers_stay_fast(
    sqlite_url: str,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """On SQLite, which lets one writer in at a time and tells the others to try again later."""
    deployment = stocked(sqlite_url, tmp_path)
    source = batches([each["code"] for each in counts(INDICATORS)], WARDS, ROWS)
    queue = [next(source) for _ in range(WRITERS)]
    worker = deployment.worker()
    limits = httpx.Limits(max_connections=WRITERS + 1)
    with running(worker):
        async with (
            httpx.AsyncClient(headers=deployment.headers, timeout=120, limits=limits) as client,
            httpx.AsyncClient(headers=deployment.headers, timeout=120) as reader,
        ):
            began = time.perf_counter()
            writing = asyncio.gather(*(_post(client, worker.url, batch) for batch in queue))
            reads: list[float] = []
            while not writing.done():
                reads.append(await _timed_read(reader, worker.url))
            await writing
            drained = time.perf_counter() - began
    median = statistics.median(reads)
    record_property("median_read_ms", median * 1000)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(reads)} reads beside {WRITERS} queued writers: median {median * 1000:.1f} ms, "
            f"slowest {max(reads) * 1000:.0f} ms; the queue took {drained:.1f} s\n"
        )
    # A read that waited for the queue would take about as long as the queue.
    assert len(reads) >= 10
    assert median < drained / 20


async def _post(client: httpx.AsyncClient, url: str, batch: Batch) -> None:
    answer = await client.post(
        f"{url}/api/v1/figures", json={"figures": batch.rows}, headers={"Idempotency-Key": batch.key}
    )
    assert answer.status_code == 201, answer.text


async def _timed_read(client: httpx.AsyncClient, url: str) -> float:
    began = time.perf_counter()
    answer = await client.get(f"{url}/api/v1/figures?limit=1")
    assert answer.status_code == 200, answer.text
    return time.perf_counter() - began
