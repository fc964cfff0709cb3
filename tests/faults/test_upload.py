"""A worker killed over a large file: the next one takes it up, and nothing of it is stored before it is sent."""

import random
import time
from datetime import UTC, datetime, timedelta

import httpx
from sqlalchemy import func, select, update

from app.db import Database
from app.models.column import table
from app.models.figures.figure import Figure
from app.models.figures.upload import Upload
from tests.faults.conftest import Deployment
from tests.stocked import months, ward
from tests.worker import running, saferplan, saferplan_worker

FIGURE, UPLOAD = table(Figure), table(Upload)
ROWS = 10_800
"""More than are looked over while their sender waits."""


def large(codes: int = 12) -> bytes:
    lines = [
        f"count-{code:02},{period},{ward(number)},{code},counted by hand"
        for number in range(1, ROWS // (codes * 50) + 1)
        for code in range(1, codes + 1)
        for period in months(50)
    ]
    return "\n".join(["indicator,period,area,value,note", *lines]).encode()


def test_a_killed_worker_s_file_is_taken_up_by_the_next(deployment: Deployment) -> None:
    chance = random.Random(20171220)
    database = Database(deployment.database_url)
    server = saferplan(deployment.database_url, deployment.log)
    try:
        with running(server):
            address = f"{server.url}/api/v1/uploads"
            sent = httpx.post(
                address,
                content=large(),
                headers={**deployment.headers, "Content-Type": "text/csv"},
                timeout=60,
            )
            assert sent.json()["state"] == "waiting", sent.text
            here = f"{address}/{sent.json()['id']}"
            for _ in range(2):
                _kill_at_work(deployment, database, chance.uniform(0.05, 0.4))
                assert httpx.get(here, headers=deployment.headers, timeout=60).json()["state"] == "waiting"
                assert _stored(database) == 0
            _work_to_the_end(deployment, database)
            ready = httpx.get(here, headers=deployment.headers, timeout=60).json()
            assert (ready["state"], ready["counts"]["created"]) == ("ready", ROWS)
            receipt = httpx.post(f"{here}/submit", headers=deployment.headers, timeout=60)
            assert receipt.json()["counts"] == ready["counts"]
            assert _stored(database) == ROWS
    finally:
        database.close()


def _kill_at_work(deployment: Deployment, database: Database, seconds: float) -> None:
    worker = saferplan_worker(deployment.database_url, deployment.log)
    worker.launch()
    try:
        deadline = time.monotonic() + 240
        while not _is_taken(database):
            assert time.monotonic() < deadline, "no worker took it"
            time.sleep(0.01)
        time.sleep(seconds)
    finally:
        worker.kill()
    _lease_ends(database)


def _work_to_the_end(deployment: Deployment, database: Database) -> None:
    worker = saferplan_worker(deployment.database_url, deployment.log)
    worker.launch()
    try:
        deadline = time.monotonic() + 240
        while _state(database) == "waiting":
            assert time.monotonic() < deadline, "it was not taken up"
            time.sleep(0.1)
    finally:
        worker.stop()


def _is_taken(database: Database) -> bool:
    with database.read() as session:
        return session.connection().execute(select(UPLOAD.c.leased_until)).scalar() is not None


def _state(database: Database) -> str:
    with database.read() as session:
        return str(session.connection().execute(select(UPLOAD.c.state)).scalar())


def _stored(database: Database) -> int:
    with database.read() as session:
        return int(session.connection().execute(select(func.count()).select_from(FIGURE)).scalar() or 0)


def _lease_ends(database: Database) -> None:
    """As it does by itself, a while after the last sign of life."""
    with database.write_without_seq() as connection:
        connection.execute(update(UPLOAD).values(leased_until=datetime.now(UTC) - timedelta(seconds=1)))
