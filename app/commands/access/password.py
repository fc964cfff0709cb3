"""Passwords: hashed slowly, and compared in the same time whether or not there is one to compare with."""

from dataclasses import replace
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import col

from app.commands.access import known_device, one_time_link, sign_in, sign_in_throttle
from app.commands.access.common_password import common_passwords
from app.commands.bulk import delete_rows
from app.commands.change import Change
from app.domain.access import password as rule
from app.domain.access.authority import Actor
from app.models.access.person import OneTimeLink, Person

HASHER = PasswordHasher(time_cost=4, memory_cost=19 * 1024, parallelism=1)
"""Argon2id with OWASP's memory (19 MiB) and twice its two passes: about 50 ms."""


def check(password: str, about: tuple[str, ...]) -> None:
    """RuleBroken on `password` where it is too short, too long or too easily guessed, as `about` may help to."""
    rule.check(password, about, common_passwords())


def new_hash(password: str, about: tuple[str, ...]) -> str:
    """The hash to store. Slow: never while holding the ledger.

    Raises RuleBroken where the password is too short, too long or too easily guessed.
    """
    check(password, about)
    return HASHER.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether the password is the one stored; as slow when there is none. Never while holding the ledger."""
    nobodys = _nobodys()
    try:
        return HASHER.verify(stored or nobodys, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def renewed(stored: str, password: str) -> str | None:
    """A new hash of a password just found right, where the old one was made with weaker settings."""
    return HASHER.hash(password) if HASHER.check_needs_rehash(stored) else None


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody has this password")


def set_by_link(change: Change, token: str, password_hash: str, clock: datetime) -> Person:
    """Uses the link up; its token is then the mark of a known device, for the sign-in that follows.

    RuleBroken on `token` where it was used, or ran out, in the meantime. Whoever has the link acts as its person.
    """
    session = change.session
    link = one_time_link.good(session, token, clock)
    link.used_at = clock
    session.add(link)
    person = session.get_one(Person, link.person_id)
    own = replace(change, actor=Actor.of_person(person.id, person.name))
    set_for(own, person, password_hash)
    known_device.add_link(session, link.person_id, link.token_hash, clock)
    return person


def change_own(change: Change, account: sign_in.Account, password_hash: str, stays: str) -> bool:
    """A person's own change, made with their password as `account`; links made for them stop working.

    `stays` is the token of the session it is made in, which alone goes on. False, and nothing done, where
    the person was disabled or their password changed in the meantime.
    """
    person = change.session.get_one(Person, account.person_id)
    if person.disabled_at is not None or person.password_hash != account.password_hash:
        return False
    delete_rows(change.session, OneTimeLink, col(OneTimeLink.person_id) == person.id)
    set_for(change, person, password_hash, stays=stays)
    return True


def set_for(change: Change, person: Person, password_hash: str, *, stays: str | None = None) -> None:
    """Ends whatever else the person was signed in with, and forgives earlier wrong guesses."""
    session = change.session
    person.password_hash = password_hash
    change.add(person)
    sign_in.end_all(session, person.id, but=stays)
    sign_in_throttle.forgive_all(session.connection(), person.email)
    change.within(sign_in.home(session, person.id)).record("password set", "person", str(person.id))
