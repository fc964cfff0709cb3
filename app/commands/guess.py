"""Guesses at a password: counted before they are checked, whether or not there is such an account."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, text
from sqlmodel import col, delete, select

from app.models.person import SignInGuess

MILLISECOND = timedelta(milliseconds=1)
GUESSES = 10
WITHIN = timedelta(minutes=5)
COST = WITHIN // GUESSES
"""What a guess owes: ten can be made at once, and after them one each time half a minute has been paid off."""

COUNT_A_GUESS = text("""
    INSERT INTO sign_in_guess (account, owed_until) VALUES (:account, :now + :cost)
    ON CONFLICT (account) DO UPDATE SET owed_until = :cost
        + CASE WHEN sign_in_guess.owed_until < :now THEN :now ELSE sign_in_guess.owed_until END
    WHERE sign_in_guess.owed_until + :cost <= :now + :within
    RETURNING owed_until
""")
"""One statement, so that guesses made side by side are all counted, on either database and by any worker."""


def account(email: str) -> str:
    """What guesses are counted by: the same for an address that nobody here has."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def count(connection: Connection, email: str, clock: datetime) -> timedelta:
    """Counts a guess, and gives nothing to wait; or, uncounted, how long to wait before the next is taken."""
    now = _milliseconds(clock)
    facts = {
        "account": account(email),
        "now": now,
        "cost": COST // MILLISECOND,
        "within": WITHIN // MILLISECOND,
    }
    connection.execute(delete(SignInGuess).where(col(SignInGuess.owed_until) < now))
    if connection.execute(COUNT_A_GUESS, facts).first() is not None:
        return timedelta(0)
    owed = connection.execute(
        select(SignInGuess.owed_until).where(SignInGuess.account == facts["account"])
    ).scalar()
    return (owed - now) * MILLISECOND + COST - WITHIN if owed is not None else timedelta(0)


def _milliseconds(clock: datetime) -> int:
    return int(clock.timestamp() * 1000)


def forgive(connection: Connection, email: str) -> None:
    """The right password was given, or a new one set: guesses start afresh."""
    connection.execute(delete(SignInGuess).where(col(SignInGuess.account) == account(email)))
