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
    CountedAttempt,
    Decision,
    decide,
)
from app.models.access.person import SignInGuess
from app.models.column import table

GUESSES = table(SignInGuess)
MOST_OLDER = 100_000
"""Most guesses older than an hour that stay stored, so that invented accounts do not fill the table."""
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(5210563)")
"""Lock under which guesses are counted, as each must see those before it. SQLite has one writer in any case."""


@dataclass(frozen=True, slots=True)
class CountedGuess:
    """Id of a counted guess, which may be checked now; or the time that it has to wait, uncounted."""

    wait: timedelta
    guess_id: int = 0


def address_key(email: str) -> str:
    """Key by which guesses at an address are counted, whether or not it has an account."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def find_wait(connection: Connection, email: str, attempt: Attempt, clock: datetime) -> timedelta:
    """Time that a guess would have to wait now. Counts nothing."""
    return _decide(connection, address_key(email), attempt, clock).wait


def count(
    connection: Connection, email: str, attempt: Attempt, person_id: int | None, clock: datetime
) -> CountedGuess:
    """Counts a guess before it is checked; does not count one that has to wait."""
    if connection.dialect.name == "postgresql":
        connection.execute(ONE_AT_A_TIME)
    decision = _decide(connection, address_key(email), attempt, clock)
    if decision.wait > ZERO:
        return CountedGuess(decision.wait)
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
    return CountedGuess(
        ZERO, connection.execute(insert(GUESSES).values(row).returning(GUESSES.c.id)).scalar_one()
    )


def _decide(connection: Connection, account: str, attempt: Attempt, clock: datetime) -> Decision:
    lately = GUESSES.c.at > clock - HOUR
    by_origin = GUESSES.c.origin == attempt.origin
    at_account = (
        select(GUESSES.c.origin, GUESSES.c.device, GUESSES.c.budget, GUESSES.c.at, GUESSES.c.forgiven)
        .where(GUESSES.c.account == account, GUESSES.c.at > clock - RETENTION, or_(lately, by_origin))
    )  # fmt: skip
    wrong = (
        select(GUESSES.c.at)
        .where(by_origin, lately, GUESSES.c.budget != Budget.DEVICE.value)
        .order_by(GUESSES.c.at.desc())
        .limit(ORIGIN_LIMITS[-1][0])
    )
    guesses = [
        CountedAttempt(row.origin, row.device, Budget(row.budget), row.at, row.forgiven)
        for row in connection.execute(at_account)
    ]
    return decide(attempt, guesses, connection.execute(wrong).scalars().all(), clock)


def _delete_old(connection: Connection, clock: datetime) -> None:
    newest = select(func.max(GUESSES.c.id)).scalar_subquery()
    too_many = (GUESSES.c.id <= newest - MOST_OLDER) & (GUESSES.c.at <= clock - HOUR)
    connection.execute(delete(GUESSES).where(or_(GUESSES.c.at <= clock - RETENTION, too_many)))


def uncount(connection: Connection, guess_id: int) -> None:
    """Deletes a guess that was not checked, or was right."""
    connection.execute(delete(GUESSES).where(GUESSES.c.id == guess_id))


def count_wrong(connection: Connection, email: str, clock: datetime) -> int:
    """Number of wrong guesses in the last day, without those that `forgive` marked as the person's own."""
    query = select(func.count()).where(
        GUESSES.c.account == address_key(email),
        GUESSES.c.at > clock - RETENTION,
        GUESSES.c.forgiven.is_(False),
    )
    return int(connection.execute(query).scalar_one())


def forgive(connection: Connection, email: str, attempt: Attempt) -> None:
    """Marks earlier guesses of a device, or of an origin, as forgiven: the right password was given there.

    They delay it no more, but still count in the account's budgets: a person who signs in often must not refill
    those for others.
    """
    same = (
        GUESSES.c.device == attempt.device if attempt.device
        else (GUESSES.c.origin == attempt.origin) & (GUESSES.c.device == "")
    )  # fmt: skip
    connection.execute(
        update(GUESSES).where(GUESSES.c.account == address_key(email), same).values(forgiven=True)
    )


def forgive_all(connection: Connection, email: str) -> None:
    """Marks all guesses at an address as forgiven, after a new password. They still count in the account's budgets."""
    connection.execute(update(GUESSES).where(GUESSES.c.account == address_key(email)).values(forgiven=True))
