"""Whose password is guessed at is told so: by mail, once a day, and only where there is somebody to tell."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from app.commands.access import sign_in_throttle
from app.config import Settings
from app.db import Database
from app.domain.access.sign_in_throttle import Attempt
from app.models.access.outbox import OutboxMessage
from app.models.access.person import Person
from app.worker import SignInNotices
from tests.build import TODAY, make_partnership, make_person

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def person(database: Database) -> Person:
    with database.write() as session:
        lakeside = make_partnership(session, "lakeside")
        riverside = make_partnership(session)
        made = make_person(session, riverside, email="officer@agency.example")
        make_person(session, lakeside, email=made.email, signed_up=False)
    return made


def guess(database: Database, person: Person | None, times: int, clock: datetime, start: int = 0) -> None:
    """Each from an origin of its own."""
    email = person.email if person is not None else "nobody@agency.example"
    with database.write_without_seq() as connection:
        for number in range(start, start + times):
            attempt = Attempt(f"203.0.113.{number}")
            person_id = person.id if person is not None else None
            assert not sign_in_throttle.count(connection, email, attempt, person_id, clock).wait


def told(database: Database) -> list[OutboxMessage]:
    with database.read() as session:
        return list(session.exec(select(OutboxMessage)))


def look(database: Database, clock: datetime, monkeypatch: pytest.MonkeyPatch) -> list[OutboxMessage]:
    """What is in the outbox when a worker has looked at that time."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return clock

    monkeypatch.setattr("app.worker.datetime", Clock)
    SignInNotices()(
        database, Settings(database_url=database.url, today_is=TODAY, public_url="https://s.example")
    )
    return told(database)


def test_ten_wrong_guesses_are_told_of_once_a_day(
    database: Database, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    guess(database, person, 9, NOON)
    assert look(database, NOON, monkeypatch) == []
    guess(database, person, 1, NOON, start=9)
    (message,) = look(database, NOON, monkeypatch)
    assert (message.to, message.kind, message.state) == (person.email, "sign_in_guesses", "waiting")
    assert "https://s.example/account/password" in message.body
    assert f"{NOON.day} {NOON:%B %Y}" in message.body
    guess(database, person, 20, NOON, start=10)
    assert len(look(database, NOON + timedelta(hours=1), monkeypatch)) == 1
    tomorrow = NOON + timedelta(days=1)
    assert len(look(database, tomorrow, monkeypatch)) == 1, "yesterday's were told of"
    guess(database, person, 10, tomorrow, start=40)
    assert len(look(database, tomorrow, monkeypatch)) == 2


@pytest.mark.parametrize("why", ["nobody", "forgiven", "disabled"])
def test_who_is_not_told(
    database: Database, person: Person, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guess(database, person if why != "nobody" else None, 12, NOON)
    with database.write() as session:
        if why == "forgiven":
            sign_in_throttle.forgive_all(session.connection(), person.email)
        if why == "disabled":
            session.get_one(Person, person.id).disabled_at = NOON
    assert look(database, NOON, monkeypatch) == []
