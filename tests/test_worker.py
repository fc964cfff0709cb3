"""The worker's loop: what is due is done, once, whoever does it; what fails waits without holding up the rest."""

import logging
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr
from sqlmodel import select, update

from app.commands.access import outbox
from app.config import Settings
from app.db import Database, leave_work
from app.domain.access.authority import Role
from app.domain.message import Words
from app.models.access.outbox import OutboxMessage, Outgoing
from app.models.access.person import Person
from app.models.plan.partnership import Agency, Partnership
from app.worker import HOUR, Mail, Reminders, Worker
from tests.build import TODAY, change_in, make_person, serving
from tests.mail.sink import Sink, sink
from tests.town import make_town

PEOPLE = ("a@council.example", "b@council.example")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A town whose council has two people who send figures."""
    opened = Database(database_url)
    with opened.write() as session:
        town = make_town(session).partnership
        council = session.exec(select(Agency).where(Agency.code == "council")).one()
        for email in PEOPLE:
            make_person(session, town, Role.CONTRIBUTOR, agency=council, email=email)
    yield opened
    opened.close()


@pytest.fixture
def server() -> Iterator[Sink]:
    with sink() as made:
        yield made


def settings(database: Database, server: Sink | None = None, today: date = TODAY) -> Settings:
    if server is None:
        return Settings(database_url=database.url, today_is=today)
    return Settings(
        database_url=database.url,
        today_is=today,
        smtp_url=SecretStr(server.url),
        mail_from="saferplan@town.example",
    )


def messages(database: Database) -> list[OutboxMessage]:
    with database.read() as session:
        return list(session.exec(select(OutboxMessage).order_by(OutboxMessage.id)))  # type: ignore[arg-type]


def seq(database: Database) -> int:
    with database.read() as session:
        number: int = session.info["seq"]
        return number


def test_what_is_due_is_written_sent_and_done_with(database: Database, server: Sink) -> None:
    Worker(database, settings(database, server)).finish()
    found = messages(database)
    assert {(each.state, each.attempts, each.error) for each in found} == {("sent", 1, "")}
    assert sorted((each.to, each.subject) for each in found) == sorted(
        (str(each["To"]), str(each["Subject"])) for each in server.mail
    )
    reminders = [each for each in found if each.to in PEOPLE]
    assert [each.to for each in reminders] == [*PEOPLE], "one each, though two quarters are owed"
    assert {each.subject for each in reminders} == {"Figures for Q2 2017/18 were due on 30 October 2017"}
    assert all("- Q1 2017/18, which were due on 30 July 2017" in each.body for each in reminders)
    before = seq(database)
    Worker(database, settings(database, server)).finish()
    assert (seq(database), len(server.mail)) == (before, len(found)), "nothing to do, nothing written"


def test_without_mail_messages_wait_where_they_can_be_seen(database: Database) -> None:
    Worker(database, settings(database)).finish()
    assert {each.state for each in messages(database)} == {"waiting"}


def test_two_workers_send_each_message_once(database: Database, server: Sink) -> None:
    both = [Worker(database, settings(database, server)) for _ in range(2)]
    threads = [threading.Thread(target=worker.finish) for worker in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for worker in both:
        worker.finish()
    found = messages(database)
    assert {each.state for each in found} == {"sent"}
    assert len({each["Message-ID"] for each in server.mail}) == len(server.mail) == len(found)


def write(database: Database, to: str = "a@council.example", once: str = "once") -> int:
    """A message of a kind that no rule takes back."""
    with database.write() as session:
        town = session.exec(select(Partnership).where(Partnership.code == "town")).one()
        outgoing = Outgoing("queried", once, 1, to, Words("Hello", "A question.\n"))
        made = outbox.enqueue(change_in(session, town), [outgoing], "return", "x")
        return made[0].id


def one(database: Database, id_: int) -> OutboxMessage:
    with database.read() as session:
        return session.get_one(OutboxMessage, id_)


def test_refused_for_good_is_failed_and_for_now_is_tried_again(database: Database, server: Sink) -> None:
    id_, step, made = write(database), Mail(), settings(database, server)
    server.recipient = "450 Try later"
    assert step(database, made)
    waiting = one(database, id_)
    assert (waiting.state, waiting.attempts, "450" in waiting.error) == ("waiting", 1, True)
    assert not step(database, made), "not before its time"
    _time_passes(database)
    server.recipient = "550 No such person"
    assert step(database, made)
    failed = one(database, id_)
    assert (failed.state, failed.attempts, "No such person" in failed.error) == ("failed", 2, True)
    assert not step(database, made)


def _time_passes(database: Database) -> None:
    """Claims and pauses run out."""
    with database.write_without_seq() as connection:
        connection.execute(update(OutboxMessage).values(not_before=outbox.AT_ONCE))


def test_one_who_cannot_be_reached_holds_up_nobody_else(database: Database, server: Sink) -> None:
    write(database, "nobody at all")
    id_ = write(database, once="another")
    Worker(database, settings(database, server), [Mail()]).finish()
    assert one(database, id_).state == "sent"


def test_a_mail_server_that_is_down_is_left_alone_for_a_while(database: Database) -> None:
    with sink() as server:
        pass
    first, second = write(database), write(database, once="another")
    Worker(database, settings(database, server), [Mail()]).finish()
    assert (one(database, first).attempts, one(database, second).attempts) == (1, 0)
    assert "could not be used" in one(database, first).error


def test_a_fault_of_the_mail_service_never_fails_a_message(database: Database, server: Sink) -> None:
    """Its settings are put right on the fifth day, and everything goes."""
    id_, step, made = write(database), Mail(), settings(database, server)
    server.recipient = "550 5.7.1 Relaying denied"
    pauses = []
    for _ in range(40):
        began = datetime.now(UTC)
        assert step(database, made)
        pauses.append(round((one(database, id_).not_before - began).total_seconds() / 60))
        _time_passes(database)
    waiting = one(database, id_)
    assert (waiting.state, waiting.attempts) == ("waiting", 40)
    assert waiting.error == "Email cannot be sent now. The mail server answered 550: 5.7.1 Relaying denied"
    assert pauses[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    server.recipient = "250 OK"
    assert step(database, made)
    assert (one(database, id_).state, one(database, id_).error) == ("sent", "")


def test_a_mail_server_that_stays_down_is_asked_less_and_less_often(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sink() as server:
        pass
    write(database)
    seconds = 1000
    monkeypatch.setattr("app.worker.time", SimpleNamespace(monotonic=lambda: seconds))
    step, made, asked = Mail(), settings(database, server), []
    for seconds in range(1000, 6000, 30):
        _time_passes(database)
        if step(database, made):
            asked.append(seconds)
    assert [later - earlier for earlier, later in pairwise(asked)] == [
        30,
        60,
        120,
        240,
        480,
        900,
        900,
        900,
        900,
    ]


def test_killed_between_sending_and_noting_it_is_sent_again_and_says_so(
    database: Database, server: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = write(database)

    def killed(*_args: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("app.worker._record_outcome", killed)
        with pytest.raises(SystemExit):
            Mail()(database, settings(database, server))
    assert not Mail()(database, settings(database, server)), "it is another's for the while"
    _time_passes(database)
    assert Mail()(database, settings(database, server))
    first, second = (each["Message-ID"] for each in server.mail)
    assert first == second
    assert one(database, id_).state == "sent"


def test_a_reminder_that_nobody_needs_any_more_is_not_sent(database: Database, server: Sink) -> None:
    Worker(database, settings(database), [Reminders()]).finish()
    with database.write() as session:
        for person in session.exec(select(Person)):
            person.disabled_at = datetime.now(UTC)
            session.add(person)
    Worker(database, settings(database, server), [Mail()]).finish()
    assert server.mail == []
    assert {each.state for each in messages(database)} == {"dropped"}


def test_returns_are_looked_through_hourly_and_when_a_day_begins(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[date] = []

    def look(_database: Database, _settings: Settings, _code: str, today: date) -> bool:
        looked.append(today)
        return False

    monkeypatch.setattr("app.worker.remind", look)
    now = time.monotonic()
    step = Reminders()
    for hours, day in ((0.0, 20), (0.5, 20), (0.9, 21), (1.5, 21), (1.95, 21)):
        monkeypatch.setattr("app.worker.time.monotonic", lambda at=hours: now + at * HOUR)
        step(database, settings(database, today=date(2017, 12, day)))
    assert [day.day for day in looked] == [20, 20, 21, 21, 21, 21], "town and elsewhere, three times"


def test_a_step_that_fails_is_told_in_a_line_and_the_others_go_on(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def fails(_database: Database, _settings: Settings) -> bool:
        done.append("failed")
        raise RuntimeError("no room left\nand much more")

    def works(_database: Database, _settings: Settings) -> bool:
        done.append("worked")
        return len(done) < 5

    with caplog.at_level(logging.ERROR):
        Worker(database, settings(database), [fails, works]).finish()
    assert done == ["failed", *4 * ["worked"]]
    assert [record.getMessage() for record in caplog.records] == [
        "Work was put off: RuntimeError: no room left"
    ]


def test_it_wakes_for_what_was_left_and_stops_when_told(database: Database) -> None:
    seen, woken = threading.Event(), threading.Event()

    def step(opened: Database, _settings: Settings) -> bool:
        with opened.read() as session:
            there = session.exec(select(OutboxMessage.id)).first() is not None
        (woken if there else seen).set()
        return False

    worker = Worker(database, settings(database), [step])
    worker.start()
    try:
        database.work.set()
        assert seen.wait(10)
        write(database)
        assert woken.wait(1.5), "sooner than it would have looked by itself"
    finally:
        began = time.monotonic()
        worker.stop()
    assert time.monotonic() - began < 1.5
    assert "worker" not in {thread.name for thread in threading.enumerate()}


def test_a_write_that_is_undone_wakes_nobody(database: Database) -> None:
    def undone() -> None:
        with database.write() as session:
            leave_work(session)
            raise RuntimeError

    database.work.clear()
    with pytest.raises(RuntimeError):
        undone()
    assert not database.work.is_set()


@pytest.mark.parametrize("where", ["inside", "apart"])
async def test_the_server_works_by_itself_unless_told_not_to(
    sqlite_template: Path, tmp_path: Path, where: str
) -> None:
    path = tmp_path / "saferplan.db"
    shutil.copyfile(sqlite_template, path)
    async with serving(f"sqlite:///{path}", worker=where):
        threads = {thread.name for thread in threading.enumerate()}
    assert ("worker" in threads) == (where == "inside")
    assert "worker" not in {thread.name for thread in threading.enumerate()}
