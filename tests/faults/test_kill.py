"""The server killed in the middle of posts: what was acknowledged is there, whole; the rest is not, or whole."""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
from sqlalchemy import func, select

from app.commands.audit import verify
from app.db import Database
from app.models.column import table
from app.models.figures.figure import Figure, FigureRevision
from tests.faults.batch import Batch, batches
from tests.faults.conftest import INDICATORS, WARDS, Deployment
from tests.stocked import counts
from tests.worker import Worker

SENDERS = 4
ROWS = 40
FIGURE, REVISION = table(Figure), table(FigureRevision)


def test_killed_during_posts_nothing_acknowledged_is_lost_and_nothing_is_half_there(
    deployment: Deployment, long_form: bool
) -> None:
    chance = random.Random(20171220)
    source = batches([each["code"] for each in counts(INDICATORS)], WARDS, ROWS)
    sent: list[Batch] = []
    unknown = 0
    worker = deployment.worker()
    try:
        worker.start()
        for _ in range(30 if long_form else 3):
            tried = _post_until_killed(worker, deployment, source, chance.uniform(0.05, 0.5))
            unknown += sum(batch.answer is None for batch in tried)
            worker.start()
            _ask_again(worker, deployment, tried)
            sent += tried
    finally:
        worker.kill()
    assert unknown, "no post was under way when the server was killed"
    assert _stored(deployment) == dict.fromkeys((batch.key for batch in sent), (ROWS, ROWS))
    assert _audit_problems(deployment) == []


def _post_until_killed(
    worker: Worker, deployment: Deployment, source: Iterator[Batch], seconds: float
) -> list[Batch]:
    """Several senders at once; the server is killed so many seconds after the first acknowledgement."""
    tried: list[Batch] = []
    taking, acknowledged = threading.Lock(), threading.Event()

    def send() -> None:
        with httpx.Client(headers=deployment.headers, timeout=120) as client:
            while True:
                with taking:
                    batch = next(source)
                    tried.append(batch)
                try:
                    batch.answer = batch.post(client, worker.url)
                except httpx.TransportError:
                    return
                assert batch.answer.status_code == 201, batch.answer.text
                acknowledged.set()

    with ThreadPoolExecutor(SENDERS) as pool:
        senders = [pool.submit(send) for _ in range(SENDERS)]
        assert acknowledged.wait(30)
        time.sleep(seconds)
        worker.kill()
        for sender in senders:
            sender.result()
    return tried


def _ask_again(worker: Worker, deployment: Deployment, tried: list[Batch]) -> None:
    """Every batch once more under its key: what was stored is told again, what was not is stored now."""
    before = _stored(deployment)
    assert set(before.values()) <= {(ROWS, ROWS)}, "a batch is there in part"
    with httpx.Client(headers=deployment.headers, timeout=120) as client:
        for batch in tried:
            again = batch.post(client, worker.url)
            assert again.status_code == 201, again.text
            assert (again.headers.get("Idempotent-Replayed") == "true") == (batch.key in before)
            if batch.answer is not None:
                assert batch.key in before, "an acknowledged batch is lost"
                assert again.content == batch.answer.content


def _stored(deployment: Deployment) -> dict[str, tuple[int, int]]:
    """Figures and revisions of each batch."""
    query = (
        select(FIGURE.c.note, func.count(FIGURE.c.id.distinct()), func.count())
        .join(REVISION, REVISION.c.figure_id == FIGURE.c.id)
        .group_by(FIGURE.c.note)
    )
    database = Database(deployment.database_url)
    try:
        with database.read() as session:
            rows = session.connection().execute(query).all()
            return {note: (figures, revisions) for note, figures, revisions in rows}
    finally:
        database.close()


def _audit_problems(deployment: Deployment) -> list[str]:
    database = Database(deployment.database_url)
    try:
        with database.read() as session:
            return list(verify(session))
    finally:
        database.close()
