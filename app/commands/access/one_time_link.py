"""One-time links: how a person comes by a password. Passed on by hand, kept as a hash, good once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from app.commands.access import sign_in
from app.commands.bulk import delete_rows
from app.commands.change import Change
from app.domain.errors import Conflict, RuleBroken
from app.models.access.person import OneTimeLink, Person
from app.models.access.token import token_hash

LASTS = {"invite": timedelta(hours=72), "reset": timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class MadeLink:
    """The only time the token is to be had."""

    token: str
    purpose: str
    expires_at: datetime


def make(change: Change, person: Person, clock: datetime) -> MadeLink:
    """An invitation for who has no password yet, else a reset. Earlier links stop working.

    `clock` is real time, which links run out by.
    """
    session = change.session
    if person.disabled_at is not None:
        raise Conflict("disabled", f"{person.name} is disabled. Enable them first.")
    delete_rows(session, OneTimeLink, col(OneTimeLink.person_id) == person.id)
    purpose = "reset" if person.password_hash else "invite"
    made = MadeLink(secrets.token_urlsafe(32), purpose, clock + LASTS[purpose])
    session.add(
        OneTimeLink(
            token_hash=token_hash(made.token),
            person_id=person.id,
            purpose=purpose,
            expires_at=made.expires_at,
        )
    )
    own = change.within(sign_in.home(session, person.id))
    own.record("link made", "person", str(person.id), purpose=purpose)
    return made


def good(session: Session, token: str, clock: datetime) -> OneTimeLink:
    """The link, while it may be used; RuleBroken on `token`, saying the same of every other, when not."""
    link = session.exec(
        select(OneTimeLink)
        .join(Person, col(Person.id) == OneTimeLink.person_id)
        .where(
            OneTimeLink.token_hash == token_hash(token),
            col(OneTimeLink.used_at).is_(None),
            OneTimeLink.expires_at > clock,
            col(Person.disabled_at).is_(None),
        )
    ).first()
    if link is None:
        message = "This link has been used, has run out or was replaced by a newer one. Ask for another."
        raise RuleBroken("token", "link_ended", message)
    return link
