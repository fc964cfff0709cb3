"""Signing in and out. A session is kept on the server, under the hash of its token."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from app.commands import audit
from app.commands.access import known_device
from app.commands.access.sign_in_throttle import account
from app.commands.bulk import delete_rows
from app.domain.access.authority import Actor
from app.models.access.person import Membership, Person, SignIn
from app.models.access.token import token_hash

LASTS = timedelta(hours=12)
"""However busy; unused it ends sooner (`queries.actor.IDLE`)."""


@dataclass(frozen=True, slots=True)
class Known:
    """Whose password is being guessed."""

    person_id: int
    name: str
    password_hash: str

    @property
    def actor(self) -> str:
        return f"person {self.person_id} ({self.name})"


@dataclass(frozen=True, slots=True)
class Opened:
    """The only time the token and the device's mark are to be had."""

    token: str
    expires_at: datetime
    device: str


def find(session: Session, email: str) -> Known | None:
    """Who may sign in with this address; None for nobody, a disabled person, and one without a password yet."""
    row = session.exec(
        select(Person.id, Person.name, Person.password_hash).where(
            Person.email == email.strip().lower(), col(Person.disabled_at).is_(None)
        )
    ).first()
    if row is None or row[0] is None or row[2] is None:
        return None
    return Known(row[0], row[1], row[2])


def open_session(
    session: Session,
    known: Known,
    *,
    replaces: str,
    renewed: str | None,
    now: datetime,
    clock: datetime,
    device: str = "",
) -> Opened | None:
    """A new session, under a token of its own; `replaces` is the token of one that ends with it, if any.

    None when the person was disabled, or their password changed, since it was found right. `renewed` is a
    stronger hash of the same password. `clock` is real time; `now` is when the record says it was. `device`
    is the name of the recognised device, whose mark is replaced.
    """
    person = session.get_one(Person, known.person_id)
    if person.disabled_at is not None or person.password_hash != known.password_hash:
        return None
    if renewed is not None:
        person.password_hash = renewed
        session.add(person)
    if replaces:
        delete_rows(session, SignIn, col(SignIn.token_hash) == token_hash(replaces))
    delete_rows(session, SignIn, col(SignIn.expires_at) < clock)
    token = secrets.token_urlsafe(32)
    mark = known_device.add(session, known.person_id, token_hash(token), replaces=device, clock=clock)
    opened = Opened(token, clock + LASTS, mark)
    session.add(
        SignIn(
            token_hash=token_hash(token),
            person_id=known.person_id,
            created_at=clock,
            last_used_at=clock,
            expires_at=opened.expires_at,
        )
    )
    session.flush()
    where = home(session, known.person_id)
    subject = ("person", str(known.person_id))
    audit.record(session, known.actor, "signed in", subject, {}, at=now, partnership_id=where)
    return opened


def end(session: Session, token: str, *, person_id: int, actor: Actor, now: datetime) -> None:
    """Signs out."""
    delete_rows(session, SignIn, col(SignIn.token_hash) == token_hash(token))
    where = home(session, person_id)
    audit.record(session, actor, "signed out", ("person", str(person_id)), {}, at=now, partnership_id=where)


def end_all(session: Session, person_id: int, *, but: str | None = None) -> None:
    """Signs the person out everywhere, and knows none of their devices any more.

    `but` is the token of a session that goes on, on a device that stays known.
    """
    others = [col(SignIn.token_hash) != token_hash(but)] if but is not None else []
    delete_rows(session, SignIn, col(SignIn.person_id) == person_id, *others)
    known_device.end_all(session, person_id, but=token_hash(but) if but is not None else None)


def record_failure(
    session: Session, email: str, known: Known | None, *, action: str, unrecorded: int, now: datetime
) -> None:
    """A wrong guess, or one not taken, as `action` says. `unrecorded` says how many before it went without an entry.

    An address nobody here has is not written down: people type passwords into the wrong box. What stands
    for it tells two apart and proves neither.
    """
    data = {"unrecorded_before": unrecorded} if unrecorded else {}
    # Looked for in vain where there is no such person, so that the time taken does not tell.
    where = home(session, known.person_id if known is not None else 0)
    actor = known.actor if known is not None else "visitor"
    subject = ("person", str(known.person_id)) if known is not None else ("account", account(email)[:8])
    audit.record(session, actor, action, subject, data, at=now, partnership_id=where)


def home(session: Session, person_id: int) -> int | None:
    """The partnership a person's own events belong to: their only one, or none in particular."""
    found = session.exec(
        select(Membership.partnership_id).where(Membership.person_id == person_id).limit(2)
    ).all()
    return found[0] if len(found) == 1 else None
