"""A database that goes away and comes back, and a disk that fills up: told as they are, and nothing is lost."""

import shutil
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import select as select_models

from app.db import Database, migrate
from app.domain.access.authority import Scope
from app.models.column import table
from app.models.figures.figure import Figure
from app.models.plan.partnership import Agency, Partnership
from tests.build import make_key
from tests.faults.batch import Batch, batches
from tests.faults.conftest import INDICATORS, WARDS, Deployment, stocked
from tests.postgres import Server
from tests.stocked import counts
from tests.worker import Worker

SENDERS, READERS = 2, 4
ROWS = 20
FIGURE = table(Figure)
WELL_AGAIN = 5.0
"""Seconds."""
GOOD = {200, 201}


@dataclass
class Traffic:
    """Posts and reads that go on until they are told to stop, and everything that was answered."""

    deployment: Deployment
    url: str
    source: Iterator[Batch]
    answers: list[httpx.Response] = field(default_factory=list)
    acknowledged: list[Batch] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    taking: threading.Lock = field(default_factory=threading.Lock)

    def post(self) -> None:
        with httpx.Client(headers=self.deployment.headers, timeout=60) as client:
            while not self.stopping.is_set():
                with self.taking:
                    batch = next(self.source)
                answer = batch.post(client, self.url)
                self.answers.append(answer)
                if answer.status_code == 201:
                    self.acknowledged.append(batch)

    def read(self, number: int) -> None:
        accept = {"Accept": f"application/json;q=0.{number + 1}"}
        with httpx.Client(headers=self.deployment.headers | accept, timeout=60) as client:
            while not self.stopping.is_set():
                self.answers.append(client.get(f"{self.url}/api/v1/figures?limit=20"))
                self.answers.append(client.get(f"{self.url}/api/v1/me"))

    @contextmanager
    def flowing(self) -> Iterator[None]:
        with ThreadPoolExecutor(SENDERS + READERS) as pool:
            running = [pool.submit(self.post) for _ in range(SENDERS)]
            running += [pool.submit(self.read, number) for number in range(READERS)]
            try:
                yield
            finally:
                self.stopping.set()
            for each in running:
                each.result()

    def check(self, troubles: set[int]) -> Counter[int]:
        """Nothing but what went well and the troubles named, each a problem document that says when to come again."""
        seen = Counter(each.status_code for each in self.answers)
        assert seen.keys() <= GOOD | troubles, seen
        for each in self.answers:
            if each.status_code not in GOOD:
                assert each.headers["content-type"] == "application/problem+json", each.text
                assert int(each.headers["retry-after"]) > 0
                assert each.json()["status"] == each.status_code
        return seen

    def lost(self) -> set[str]:
        database = Database(self.deployment.database_url)
        try:
            with database.read() as session:
                notes = set(session.connection().execute(select(FIGURE.c.note).distinct()).scalars())
        finally:
            database.close()
        return {each.key for each in self.acknowledged} - notes


def traffic(deployment: Deployment, worker: Worker) -> Traffic:
    return Traffic(
        deployment, worker.url, batches([each["code"] for each in counts(INDICATORS)], WARDS, ROWS)
    )


def seconds_until_well(flow: Traffic) -> float:
    """Until a read and a post go well."""
    began = time.monotonic()
    with httpx.Client(headers=flow.deployment.headers, timeout=60) as client:
        while time.monotonic() < began + 60:
            with flow.taking:
                batch = next(flow.source)
            posted = batch.post(client, flow.url)
            if posted.status_code == 201 and client.get(f"{flow.url}/api/v1/figures").status_code == 200:
                flow.acknowledged.append(batch)
                return time.monotonic() - began
            time.sleep(0.1)
    raise AssertionError("it never got well again")


@pytest.fixture
def own_postgres() -> Iterator[Server]:
    """A server that may be restarted: nobody else uses it."""
    server = Server()
    server.start()
    try:
        yield server
    finally:
        server.stop()


def test_a_restarted_postgresql_is_503_meanwhile_and_nothing_is_lost(
    own_postgres: Server, tmp_path: Path, long_form: bool, tell: Callable[[str], None]
) -> None:
    url = own_postgres.create()
    migrate(url)
    deployment = stocked(url, tmp_path)
    worker = deployment.worker()
    flow = traffic(deployment, worker)
    slowest = 0.0
    try:
        worker.start()
        with flow.flowing():
            for _ in range(20 if long_form else 2):
                time.sleep(1)
                own_postgres.restart()
                slowest = max(slowest, seconds_until_well(flow))
        seen = flow.check({503})
        assert seen[201], seen
        assert flow.lost() == set()
    finally:
        worker.kill()
    tell(f"PostgreSQL restarted: {dict(seen)}; well again after {slowest:.1f} s at most")
    assert slowest < WELL_AGAIN


def test_postgresql_without_a_connection_to_spare_is_503(own_postgres: Server, tmp_path: Path) -> None:
    url = own_postgres.create()
    migrate(url)
    deployment = stocked(url, tmp_path)
    worker = deployment.worker()
    try:
        worker.start()
        flow = traffic(deployment, worker)
        with own_postgres.no_more_connections(), httpx.Client(headers=deployment.headers) as client:
            for _ in range(3):
                flow.answers.append(client.get(f"{worker.url}/api/v1/figures"))
                flow.answers.append(next(flow.source).post(client, worker.url))
            assert client.get(f"{worker.url}/api/v1/health").status_code == 200
            assert client.get(f"{worker.url}/api/v1/ready").status_code == 503
        assert flow.check({503}).keys() == {503}
        assert seconds_until_well(flow) < WELL_AGAIN
    finally:
        worker.kill()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with little room; only root can make one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no file system can be made here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def test_a_full_disk_is_507_and_reads_and_refusals_go_on(
    sqlite_template: Path, small_disk: Path, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    shutil.copyfile(sqlite_template, small_disk / "saferplan.db")
    deployment = stocked(f"sqlite:///{small_disk / 'saferplan.db'}", tmp_path)
    reader = _reader(deployment)
    worker = deployment.worker()
    flow = traffic(deployment, worker)
    ballast = small_disk / "ballast"
    try:
        worker.start()
        with flow.flowing():
            _fill(ballast, shutil.disk_usage(small_disk).free - 1_000_000)
            _wait_for(flow, 507)
            during = _look(deployment, worker.url, reader)
            ballast.unlink()
            well = seconds_until_well(flow)
        seen = flow.check({503, 507})
        assert seen[201], seen
        assert flow.lost() == set()
    finally:
        worker.kill()
    assert during == {"health": 200, "ready": 503, "figures": 200, "refused": 403, "nobody": 401}
    tell(f"A disk filled up: {dict(seen)}; well again after {well:.1f} s")
    assert well < WELL_AGAIN


def _fill(file: Path, size: int) -> None:
    with file.open("wb") as ballast:
        ballast.write(b"\0" * max(size, 0))


def _wait_for(flow: Traffic, status: int) -> None:
    deadline = time.monotonic() + 60
    while not any(each.status_code == status for each in list(flow.answers)):
        assert time.monotonic() < deadline, Counter(each.status_code for each in flow.answers)
        time.sleep(0.05)


def _reader(deployment: Deployment) -> dict[str, str]:
    """Headers of a key that may only read the plan."""
    database = Database(deployment.database_url)
    try:
        with database.write() as session:
            partnership = session.exec(select_models(Partnership)).one()
            agency = session.exec(select_models(Agency)).one()
            made = make_key(session, partnership, agency=agency, scopes=[Scope.READ])
            return {"Authorization": f"Bearer {made.secret}"}
    finally:
        database.close()


def _look(deployment: Deployment, url: str, reader: dict[str, str]) -> dict[str, int]:
    with httpx.Client(base_url=f"{url}/api/v1", headers=deployment.headers, timeout=60) as client:
        return {
            "health": client.get("/health").status_code,
            "ready": client.get("/ready").status_code,
            "figures": client.get("/figures?limit=1").status_code,
            "refused": client.get("/metrics", headers=reader).status_code,
            "nobody": client.get("/figures", headers={"Authorization": "Bearer sp_nobody"}).status_code,
        }
