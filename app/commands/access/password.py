"""Hashes, compares and sets passwords. Comparing takes as long for an unknown account as for a known one."""

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
    """Raises RuleBroken on `password` if it is too short, too long or easily guessed with the words `about`."""
    rule.check(password, about, common_passwords())


def new_hash(password: str, about: tuple[str, ...]) -> str:
    """Checks a new password and hashes it for storage. Slow: never call it while holding the ledger.

    Raises RuleBroken as `check` does.
    """
    check(password, about)
    return HASHER.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether the password fits the stored hash; as slow if there is none. Never call it while holding the ledger."""
    nobodys = _nobodys()
    try:
        return HASHER.verify(stored or nobodys, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def renewed(stored: str, password: str) -> str | None:
    """New hash of a right password, if the stored one was made with weaker settings."""
    return HASHER.hash(password) if HASHER.check_needs_rehash(stored) else None


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody has this password")


def set_by_link(change: Change, token: str, password_hash: str, clock: datetime) -> Person:
    """Sets a password and marks the link as used. Its token becomes the mark of a known device, for the next sign-in.

    RuleBroken on `token` if the link was used or expired in the meantime. The holder of the link acts as its person.
    """
    session = change.session
    link = one_time_link.get_usable(session, token, clock)
    link.used_at = clock
    session.add(link)
    person = session.get_one(Person, link.person_id)
    own = replace(change, actor=Actor.of_person(person.id, person.name))
    set_for(own, person, password_hash)
    known_device.add_link(session, link.person_id, link.token_hash, clock)
    return person


def change_own(change: Change, account: sign_in.Account, password_hash: str, stays: str) -> bool:
    """Sets a person's own new password; their one-time links stop working. `account` holds their old one.

    `stays` is the token of the session that the change is made in; all others end. False, and nothing done, if the
    person was disabled or their password changed in the meantime.
    """
    person = change.session.get_one(Person, account.person_id)
    if person.disabled_at is not None or person.password_hash != account.password_hash:
        return False
    delete_rows(change.session, OneTimeLink, col(OneTimeLink.person_id) == person.id)
    set_for(change, person, password_hash, stays=stays)
    return True


def set_for(change: Change, person: Person, password_hash: str, *, stays: str | None = None) -> None:
    """Sets a person's password, ends their sessions except `stays`, and forgives earlier wrong guesses."""
    session = change.session
    person.password_hash = password_hash
    change.add(person)
    sign_in.end_all(session, person.id, but=stays)
    sign_in_throttle.forgive_all(session.connection(), person.email)
    change.within(sign_in.home(session, person.id)).record("password set", "person", str(person.id))
