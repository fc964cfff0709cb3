"""Signs people in and out. A session is stored on the server, under the hash of its token."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from app.commands.access import known_device
from app.commands.access.sign_in_throttle import address_key
from app.commands.bulk import delete_rows
from app.commands.change import Change
from app.domain.access.authority import Actor
from app.models.access.person import Membership, Person, SignIn
from app.models.access.token import token_hash

VISITOR = Actor.of_service("visitor")
LASTS = timedelta(hours=12)
"""Longest time of a session; one that is not used ends sooner (`queries.access.actor.IDLE`)."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account, as a sign-in needs it."""

    person_id: int
    name: str
    password_hash: str

    @property
    def actor(self) -> Actor:
        return Actor.of_person(self.person_id, self.name)


@dataclass(frozen=True, slots=True)
class NewSession:
    """A new session, with its token and the device's mark: both are stored only as hashes."""

    token: str
    expires_at: datetime
    device: str


def find(session: Session, email: str) -> Account | None:
    """Account that may sign in with this address; None if there is none, it is disabled or has no password yet."""
    row = session.exec(
        select(Person.id, Person.name, Person.password_hash).where(
            Person.email == email.strip().lower(), col(Person.disabled_at).is_(None)
        )
    ).first()
    if row is None or row[0] is None or row[2] is None:
        return None
    return Account(row[0], row[1], row[2])


@dataclass(frozen=True, slots=True)
class Opening:
    """Facts for opening a session, once the password was right."""

    account: Account
    replaces: str = ""
    """Token of the session that the new one replaces, if any."""
    renewed: str | None = None
    """A stronger hash of the same password."""
    device: str = ""
    """Mark hash of the recognised device, whose mark is replaced."""


def open_session(change: Change, opening: Opening, clock: datetime) -> NewSession | None:
    """Opens a session with a new token. `clock` is real time.

    None if the person was disabled or their password changed since it was compared.
    """
    session, account = change.session, opening.account
    person = session.get_one(Person, account.person_id)
    if person.disabled_at is not None or person.password_hash != account.password_hash:
        return None
    if opening.renewed is not None:
        person.password_hash = opening.renewed
        session.add(person)
    if opening.replaces:
        delete_rows(session, SignIn, col(SignIn.token_hash) == token_hash(opening.replaces))
    delete_rows(session, SignIn, col(SignIn.expires_at) < clock)
    token = secrets.token_urlsafe(32)
    mark = known_device.add(
        session, account.person_id, token_hash(token), replaces=opening.device, clock=clock
    )
    new_session = NewSession(token, clock + LASTS, mark)
    session.add(
        SignIn(
            token_hash=token_hash(token),
            person_id=account.person_id,
            created_at=clock,
            last_used_at=clock,
            expires_at=new_session.expires_at,
        )
    )
    session.flush()
    own_change = replace(change, actor=account.actor, partnership_id=home(session, account.person_id))
    own_change.record("signed in", "person", str(account.person_id))
    return new_session


def end(change: Change, token: str, person_id: int) -> None:
    """Signs a person out of one session."""
    delete_rows(change.session, SignIn, col(SignIn.token_hash) == token_hash(token))
    change.within(home(change.session, person_id)).record("signed out", "person", str(person_id))


def end_all(session: Session, person_id: int, *, but: str | None = None) -> None:
    """Ends a person's sessions and deletes their known devices, except those of the session with token `but`."""
    others = [col(SignIn.token_hash) != token_hash(but)] if but is not None else []
    delete_rows(session, SignIn, col(SignIn.person_id) == person_id, *others)
    known_device.end_all(session, person_id, but=token_hash(but) if but is not None else None)


def record_failure(change: Change, email: str, account: Account | None, verb: str, unrecorded: int) -> None:
    """Records a wrong or refused guess, as `verb` names it. `unrecorded` counts earlier ones without an event.

    An unknown address is not stored, since people type passwords into the wrong box. The start of its hash is: it
    distinguishes two addresses and proves neither.
    """
    facts = {"unrecorded_before": unrecorded} if unrecorded else {}
    # Looked up even without such a person, so that the time taken does not reveal whether there is one.
    where = home(change.session, account.person_id if account is not None else 0)
    own_change = replace(
        change, actor=account.actor if account is not None else VISITOR, partnership_id=where
    )
    kind, subject = (
        ("person", str(account.person_id)) if account is not None else ("account", address_key(email)[:8])
    )
    own_change.record(verb, kind, subject, **facts)


def home(session: Session, person_id: int) -> int | None:
    """Id of the partnership that a person's own events belong to: their only one, or None."""
    partnership_ids = session.exec(
        select(Membership.partnership_id).where(Membership.person_id == person_id).limit(2)
    ).all()
    return partnership_ids[0] if len(partnership_ids) == 1 else None
