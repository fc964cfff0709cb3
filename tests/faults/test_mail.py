"""Server and worker killed while mail goes out: none is lost, and what was sent twice says so by its id."""

import random
import sys
import time
from collections import defaultdict
from email.message import EmailMessage

import httpx
import pytest
from sqlalchemy import func, select, update
from sqlmodel import select as select_rows

from app.commands.access import outbox
from app.commands.audit import verify
from app.db import Database
from app.domain.access.authority import Role
from app.models.access.outbox import OutboxMessage
from app.models.column import table
from app.models.plan.partnership import Agency, Partnership
from tests.build import make_person
from tests.faults.conftest import Deployment
from tests.mail.sink import Sink, sink
from tests.worker import Worker, saferplan, saferplan_worker

PEOPLE = 18
"""Invited before each round; each is reminded once: by staff, or by the worker that was quicker."""
MESSAGE = table(OutboxMessage)
MOST_MEMORY = 150 * 1024 * 1024


def test_killed_while_mail_goes_out_every_message_arrives_and_is_known_by_its_id(
    deployment: Deployment, long_form: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(20171220)
    rounds = 30 if long_form else 2
    acknowledged: list[str] = []
    with sink() as server:
        web, apart = _processes(deployment, server)
        try:
            for number in range(rounds):
                acknowledged += _until_killed(deployment, server, web, apart, number, chance.uniform(0, 0.6))
            _drain(deployment, web, apart)
            memory = apart.peak_memory()
        finally:
            web.kill()
            apart.kill()
    rows = _rows(deployment)
    assert acknowledged, "no staff were told that a message is on its way"
    assert {int(id_) for id_ in acknowledged} <= {row.id for row in rows}
    assert len({row.to for row in rows}) == len(rows) == rounds * PEOPLE
    _assert_each_arrived(rows, server.mail)
    assert _audit_problems(deployment) == []
    assert memory < MOST_MEMORY
    with capsys.disabled():
        twice = len(server.mail) - len(rows)
        sys.stdout.write(f"\n{len(rows)} messages, {twice} sent again; the worker held {memory >> 20} MB\n")


def _processes(deployment: Deployment, server: Sink) -> tuple[Worker, Worker]:
    """A server that works by itself, and a worker apart: each may be at any message."""
    mail = {"SAFERPLAN_SMTP_URL": server.url, "SAFERPLAN_MAIL_FROM": "saferplan@council.example"}
    url, log = deployment.database_url, deployment.log
    return saferplan(url, log, SAFERPLAN_WORKER="inside", **mail), saferplan_worker(url, log, **mail)


def _until_killed(
    deployment: Deployment, server: Sink, web: Worker, apart: Worker, number: int, seconds: float
) -> list[str]:
    """The ids of messages that staff were told are on their way."""
    _invite(deployment, number)
    web.start()
    server.came.clear()
    address = f"{web.url}/api/v1/returns/2017-18-Q2~police/remind"
    asked = httpx.post(address, headers=deployment.headers, timeout=120)
    # Refused where the worker inside was quicker: then they were reminded today.
    assert asked.status_code in (201, 409), asked.text
    apart.launch()
    assert server.came.wait(30)
    time.sleep(seconds)
    web.kill()
    apart.kill()
    _time_passes(deployment)
    return [each["id"] for each in asked.json().get("messages", [])]


def _invite(deployment: Deployment, number: int) -> None:
    database = Database(deployment.database_url)
    with database.write() as session:
        town = session.exec(select_rows(Partnership)).one()
        police = session.exec(select_rows(Agency)).one()
        for each in range(PEOPLE):
            email = f"analyst-{number}-{each}@police.example"
            make_person(session, town, Role.CONTRIBUTOR, agency=police, email=email, signed_up=False)
    database.close()


def _time_passes(deployment: Deployment) -> None:
    """The claims of whoever was killed run out."""
    database = Database(deployment.database_url)
    with database.write_without_seq() as connection:
        connection.execute(update(MESSAGE).values(not_before=outbox.AT_ONCE))
    database.close()


def _drain(deployment: Deployment, web: Worker, apart: Worker) -> None:
    web.start()
    apart.launch()
    database = Database(deployment.database_url)
    deadline = time.monotonic() + 240
    while _unsent(database):
        assert time.monotonic() < deadline, f"{_unsent(database)} messages were never sent"
        time.sleep(0.1)
    database.close()


def _unsent(database: Database) -> int:
    with database.read() as session:
        query = select(func.count()).where(MESSAGE.c.state != "sent")
        waiting: int = session.connection().execute(query).scalar_one()
        return waiting


def _rows(deployment: Deployment) -> list[OutboxMessage]:
    database = Database(deployment.database_url)
    with database.read() as session:
        rows = list(session.exec(select_rows(OutboxMessage)))
    database.close()
    return rows


def _assert_each_arrived(rows: list[OutboxMessage], mail: list[EmailMessage]) -> None:
    """One id for each message and one message for each id, however often it came."""
    arrived: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for each in mail:
        body = each.get_content().replace("\r\n", "\n")
        arrived[each["Message-ID"]].add((str(each["To"]), str(each["Subject"]), body))
    assert arrived == {
        f"<{outbox.reference(row)}@council.example>": {(row.to, row.subject, row.body)} for row in rows
    }


def _audit_problems(deployment: Deployment) -> list[str]:
    database = Database(deployment.database_url)
    with database.read() as session:
        found = list(verify(session))
    database.close()
    return found
