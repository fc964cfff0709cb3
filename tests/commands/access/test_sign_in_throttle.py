"""The command that counts guesses, over each database with a clock that is given."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from app.commands.access import sign_in_throttle
from app.db import Database
from app.domain.access.sign_in_throttle import HOUR, ZERO, Attempt
from app.models.access.person import SignInGuess

START = datetime(2026, 11, 27, 9, tzinfo=UTC)
ONE = ["203.0.113.1"]
FIFTY = [f"203.0.113.{number}" for number in range(50)]


def test_workers_count_each_others_guesses(database_url: str) -> None:
    """Two workers' connections take turns; neither lets one more through than both may."""
    databases = [Database(database_url), Database(database_url)]

    def guess(number: int) -> bool:
        with databases[number % 2].write_without_seq() as connection:
            attempt = Attempt("198.51.100.7")
            counted = sign_in_throttle.count(connection, "a@agency.example", attempt, None, START)
        return counted.wait == ZERO

    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(guess, range(40)))
    for database in databases:
        database.close()
    assert taken.count(True) == 10


class Guessing:
    """The command over a database, with a clock that is given."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.checked: list[datetime] = []

    def guess(self, attempt: Attempt, clock: datetime) -> timedelta:
        email = "somebody@agency.example"
        with self.database.read() as session:
            if wait := sign_in_throttle.find_wait(session.connection(), email, attempt, clock):
                return wait
        with self.database.write_without_seq() as connection:
            counted = sign_in_throttle.count(connection, email, attempt, None, clock)
        if counted.wait == ZERO:
            self.checked.append(clock)
        return counted.wait

    def most_in_an_hour(self) -> int:
        return max(sum(first <= each < first + HOUR for each in self.checked) for first in self.checked)


@pytest.mark.parametrize(("addresses", "checked"), [(ONE, 14), (FIFTY, 70)], ids=["one", "fifty"])
def test_a_guess_every_two_seconds_for_ten_minutes(
    database_url: str, addresses: list[str], checked: int
) -> None:
    database = Database(database_url)
    guessing = Guessing(database)
    for number in range(300):
        attempt = Attempt(addresses[number % len(addresses)])
        guessing.guess(attempt, START + timedelta(seconds=number * 2))
    assert guessing.most_in_an_hour() == len(guessing.checked) == checked
    end = START + timedelta(minutes=10)
    assert guessing.guess(Attempt("198.51.100.7"), end) == ZERO
    assert guessing.guess(Attempt(addresses[0], "their laptop"), end) == ZERO
    database.close()


def test_old_guesses_are_deleted_and_invented_accounts_do_not_fill_the_table(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_throttle, "MOST_OLDER", 20)
    database = Database(database_url)

    def kept_after(hours: float, count: int) -> int:
        with database.write_without_seq() as connection:
            for number in range(count):
                email = f"nobody{hours}-{number}@agency.example"
                attempt = Attempt(f"10.0.{int(hours)}.{number}")
                clock = START + timedelta(hours=hours)
                sign_in_throttle.count(connection, email, attempt, None, clock)
        with database.read() as session:
            return len(session.exec(select(SignInGuess)).all())

    assert [kept_after(0, 50), kept_after(0.5, 1), kept_after(2, 1), kept_after(25, 1)] == [50, 51, 21, 2]
    database.close()
