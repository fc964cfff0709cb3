"""Signing in and out. A session is kept on the server, under the hash of its token."""

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
"""However busy; unused it ends sooner (`queries.actor.IDLE`)."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whose password is being guessed."""

    person_id: int
    name: str
    password_hash: str

    @property
    def actor(self) -> Actor:
        return Actor.of_person(self.person_id, self.name)


@dataclass(frozen=True, slots=True)
class Opened:
    """The only time the token and the device's mark are to be had."""

    token: str
    expires_at: datetime
    device: str


def find(session: Session, email: str) -> Account | None:
    """Who may sign in with this address; None for nobody, a disabled person, and one without a password yet."""
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
    """What a right password opens a session with."""

    account: Account
    replaces: str = ""
    """Token of a session that ends with it, if any."""
    renewed: str | None = None
    """A stronger hash of the same password."""
    device: str = ""
    """Name of the recognised device, whose mark is replaced."""


def open_session(change: Change, opening: Opening, clock: datetime) -> Opened | None:
    """A new session, under a token of its own. `clock` is real time.

    None when the person was disabled, or their password changed, since it was found right.
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
    opened = Opened(token, clock + LASTS, mark)
    session.add(
        SignIn(
            token_hash=token_hash(token),
            person_id=account.person_id,
            created_at=clock,
            last_used_at=clock,
            expires_at=opened.expires_at,
        )
    )
    session.flush()
    own = replace(change, actor=account.actor, partnership_id=home(session, account.person_id))
    own.record("signed in", "person", str(account.person_id))
    return opened


def end(change: Change, token: str, person_id: int) -> None:
    """Signs out."""
    delete_rows(change.session, SignIn, col(SignIn.token_hash) == token_hash(token))
    change.within(home(change.session, person_id)).record("signed out", "person", str(person_id))


def end_all(session: Session, person_id: int, *, but: str | None = None) -> None:
    """Signs the person out everywhere, and knows none of their devices any more.

    `but` is the token of a session that goes on, on a device that stays known.
    """
    others = [col(SignIn.token_hash) != token_hash(but)] if but is not None else []
    delete_rows(session, SignIn, col(SignIn.person_id) == person_id, *others)
    known_device.end_all(session, person_id, but=token_hash(but) if but is not None else None)


def record_failure(change: Change, email: str, account: Account | None, verb: str, unrecorded: int) -> None:
    """A wrong guess, or one not taken, as `verb` says. `unrecorded` says how many before it went without an entry.

    An address nobody here has is not written down: people type passwords into the wrong box. What stands
    for it tells two apart and proves neither.
    """
    data = {"unrecorded_before": unrecorded} if unrecorded else {}
    # Looked for in vain where there is no such person, so that the time taken does not tell.
    where = home(change.session, account.person_id if account is not None else 0)
    own = replace(change, actor=account.actor if account is not None else VISITOR, partnership_id=where)
    kind, subject = (
        ("person", str(account.person_id)) if account is not None else ("account", address_key(email)[:8])
    )
    own.record(verb, kind, subject, **data)


def home(session: Session, person_id: int) -> int | None:
    """The partnership a person's own events belong to: their only one, or none in particular."""
    found = session.exec(
        select(Membership.partnership_id).where(Membership.person_id == person_id).limit(2)
    ).all()
    return found[0] if len(found) == 1 else None
