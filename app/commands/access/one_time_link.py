"""Makes and looks up one-time links, by which a person sets a password. They are stored as hashes and used once."""

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
class LinkWithToken:
    """A new link with its token, which is stored only as a hash and cannot be read again."""

    token: str
    purpose: str
    expires_at: datetime


def make(change: Change, person: Person, clock: datetime) -> LinkWithToken:
    """Makes an invitation for a person without a password, else a reset. Earlier links stop working.

    `clock` is real time, which links expire by.
    """
    session = change.session
    if person.disabled_at is not None:
        raise Conflict("disabled", f"{person.name} is disabled. Enable them first.")
    delete_rows(session, OneTimeLink, col(OneTimeLink.person_id) == person.id)
    purpose = "reset" if person.password_hash else "invite"
    link = LinkWithToken(secrets.token_urlsafe(32), purpose, clock + LASTS[purpose])
    session.add(
        OneTimeLink(
            token_hash=token_hash(link.token),
            person_id=person.id,
            purpose=purpose,
            expires_at=link.expires_at,
        )
    )
    own_change = change.within(sign_in.home(session, person.id))
    own_change.record("link made", "person", str(person.id), purpose=purpose)
    return link


def get_usable(session: Session, token: str, clock: datetime) -> OneTimeLink:
    """Usable link with this token; else RuleBroken on `token`, in the same words for every reason."""
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
