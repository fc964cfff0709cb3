"""Counts guesses at a password before they are checked, whether or not there is such an account."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, or_, select, text, update

from app.domain.access.sign_in_throttle import (
    HOUR,
    ORIGIN_LIMITS,
    RETENTION,
    ZERO,
    Attempt,
    Budget,
    Decision,
    Guess,
    decide,
)
from app.models.access.person import SignInGuess
from app.models.column import table

GUESS = table(SignInGuess)
MOST_OLDER = 100_000
"""Guesses kept that are more than an hour old, so that invented accounts do not fill the table."""
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(5210563)")
"""Guesses made side by side must see each other. SQLite has one writer in any case."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A guess that may be checked, or how long it waits."""

    wait: timedelta
    guess_id: int = 0


def address_key(email: str) -> str:
    """The key that guesses at an address are counted by; the same whether or not anybody has the address."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def find_wait(connection: Connection, email: str, attempt: Attempt, clock: datetime) -> timedelta:
    """How long a guess would have to wait. Counts nothing."""
    return _decide(connection, address_key(email), attempt, clock).wait


def count(
    connection: Connection, email: str, attempt: Attempt, person_id: int | None, clock: datetime
) -> Counted:
    """Counts a guess about to be checked; one that has to wait is not counted."""
    if connection.dialect.name == "postgresql":
        connection.execute(ONE_AT_A_TIME)
    decision = _decide(connection, address_key(email), attempt, clock)
    if decision.wait > ZERO:
        return Counted(decision.wait)
    _delete_old(connection, clock)
    row = {
        "account": address_key(email),
        "origin": attempt.origin,
        "device": attempt.device if decision.budget is Budget.DEVICE else "",
        "budget": decision.budget.value,
        "at": clock,
        "person_id": person_id,
        "forgiven": False,
    }
    return Counted(ZERO, connection.execute(insert(GUESS).values(row).returning(GUESS.c.id)).scalar_one())


def _decide(connection: Connection, account: str, attempt: Attempt, clock: datetime) -> Decision:
    lately = GUESS.c.at > clock - HOUR
    by_origin = GUESS.c.origin == attempt.origin
    at_account = (
        select(GUESS.c.origin, GUESS.c.device, GUESS.c.budget, GUESS.c.at, GUESS.c.forgiven)
        .where(GUESS.c.account == account, GUESS.c.at > clock - RETENTION, or_(lately, by_origin))
    )  # fmt: skip
    wrong = (
        select(GUESS.c.at)
        .where(by_origin, lately, GUESS.c.budget != Budget.DEVICE.value)
        .order_by(GUESS.c.at.desc())
        .limit(ORIGIN_LIMITS[-1][0])
    )
    guesses = [
        Guess(row.origin, row.device, Budget(row.budget), row.at, row.forgiven)
        for row in connection.execute(at_account)
    ]
    return decide(attempt, guesses, connection.execute(wrong).scalars().all(), clock)


def _delete_old(connection: Connection, clock: datetime) -> None:
    newest = select(func.max(GUESS.c.id)).scalar_subquery()
    too_many = (GUESS.c.id <= newest - MOST_OLDER) & (GUESS.c.at <= clock - HOUR)
    connection.execute(delete(GUESS).where(or_(GUESS.c.at <= clock - RETENTION, too_many)))


def uncount(connection: Connection, guess_id: int) -> None:
    """Takes back a guess that was not checked, or was right."""
    connection.execute(delete(GUESS).where(GUESS.c.id == guess_id))


def count_wrong(connection: Connection, email: str, clock: datetime) -> int:
    """Wrong guesses of the last day, without those that `forgive` found to be the person's own."""
    query = select(func.count()).where(
        GUESS.c.account == address_key(email), GUESS.c.at > clock - RETENTION, GUESS.c.forgiven.is_(False)
    )
    return int(connection.execute(query).scalar_one())


def forgive(connection: Connection, email: str, attempt: Attempt) -> None:
    """After the right password: earlier guesses of the same device, or of the same origin, delay it no more.

    They still count in the account's budgets, which a person who signs in often must not refill for others.
    """
    same = (
        GUESS.c.device == attempt.device if attempt.device
        else (GUESS.c.origin == attempt.origin) & (GUESS.c.device == "")
    )  # fmt: skip
    connection.execute(update(GUESS).where(GUESS.c.account == address_key(email), same).values(forgiven=True))


def forgive_all(connection: Connection, email: str) -> None:
    """After a new password was set: earlier guesses delay nobody, and still count in the account's budgets."""
    connection.execute(update(GUESS).where(GUESS.c.account == address_key(email)).values(forgiven=True))
