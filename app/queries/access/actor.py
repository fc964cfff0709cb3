"""Finds the actor of a credential, with the access they have now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlmodel import Session

from app.domain.access.authority import Access, Actor, Role, Scope
from app.models.access.key import ApiKey, ApiKeyPartnership
from app.models.access.person import Membership, Person, SignIn
from app.models.access.token import token_hash
from app.models.column import table
from app.models.plan.partnership import Agency, Partnership
from app.queries.frame import look_up

IDLE = timedelta(minutes=30)
"""How long a sign-in lasts unused. Its last use is written at most once a minute."""
NOTE_USE_EVERY = timedelta(minutes=1)
KEY_PREFIX = "sp_"
AGENCY, PARTNERSHIP, PERSON = table(Agency), table(Partnership), table(Person)
KEY, KEY_PARTNERSHIP = table(ApiKey), table(ApiKeyPartnership)
MEMBERSHIP, SIGN_IN = table(Membership), table(SignIn)
# Built once: every request that the response cache does not answer runs them.
UNREVOKED_KEY = (
    select(KEY, AGENCY.c.code, AGENCY.c.kind)
    .join(AGENCY, AGENCY.c.id == KEY.c.agency_id)
    .where(KEY.c.secret_hash == bindparam("hashed"), KEY.c.revoked_at.is_(None))
)
SIGNED_IN = (
    select(SIGN_IN.c.last_used_at, SIGN_IN.c.expires_at, PERSON.c.id, PERSON.c.name)
    .join(PERSON, PERSON.c.id == SIGN_IN.c.person_id)
    .where(SIGN_IN.c.token_hash == bindparam("hashed"), PERSON.c.disabled_at.is_(None))
)
KEY_USE = select(KEY.c.last_used_at).where(KEY.c.secret_hash == bindparam("hashed"))
SIGN_IN_USE = select(SIGN_IN.c.last_used_at).where(SIGN_IN.c.token_hash == bindparam("hashed"))
KEY_IN_FORCE = (
    select(KEY, AGENCY.c.code, AGENCY.c.kind)
    .join(AGENCY, AGENCY.c.id == KEY.c.agency_id)
    .where(KEY.c.id == bindparam("id"), KEY.c.revoked_at.is_(None), KEY.c.expires_at > bindparam("now"))
)
PLACES = (
    select(PARTNERSHIP.c.id, PARTNERSHIP.c.code)
    .join(KEY_PARTNERSHIP, KEY_PARTNERSHIP.c.partnership_id == PARTNERSHIP.c.id)
    .where(KEY_PARTNERSHIP.c.api_key_id == bindparam("key"))
    .order_by(PARTNERSHIP.c.code)
)


class Credential:
    """An actor, the time until which it needs no second look-up, and whether to write its last use."""

    __slots__ = ("actor", "note_use", "until")

    def __init__(self, actor: Actor, until: datetime, note_use: bool) -> None:
        self.actor = actor
        self.until = until
        self.note_use = note_use


@dataclass(slots=True)
class StoredCredential:
    """An unrevoked key, or a sign-in of a person who is not disabled; it may have expired."""

    actor: Actor
    expires_at: datetime
    idle: timedelta | None
    """How long it lasts unused; None for no limit."""
    last_used_at: datetime | None
    """As read at `read_at`. Its writes do not bump `seq`, so it is read again before it decides anything."""
    read_at: datetime


def find_credential(session: Session, token: str, now: datetime) -> Credential | None:
    """The credential of a token; None for one that is unknown, revoked or expired. `now` is real time."""
    hashed, is_key = token_hash(token), token.startswith(KEY_PREFIX)
    stored = look_up(
        session, "credential", hashed, lambda: _read_credential(session, hashed, is_key=is_key, now=now)
    )
    if stored is None or stored.expires_at <= now:
        return None
    if _is_stale(stored.last_used_at, now) and stored.read_at != now:
        query = KEY_USE if is_key else SIGN_IN_USE
        stored.last_used_at = session.connection().execute(query, {"hashed": hashed}).scalar()
        stored.read_at = now
    used = stored.last_used_at
    if stored.idle is not None and (used is None or used <= now - stored.idle):
        return None
    return Credential(stored.actor, min(stored.expires_at, now + NOTE_USE_EVERY), _is_stale(used, now))


def _is_stale(last_used_at: datetime | None, now: datetime) -> bool:
    return last_used_at is None or now - last_used_at > NOTE_USE_EVERY


def _read_credential(
    session: Session, hashed: str, *, is_key: bool, now: datetime
) -> StoredCredential | None:
    query = UNREVOKED_KEY if is_key else SIGNED_IN
    row = session.connection().execute(query, {"hashed": hashed}).first()
    if row is None:
        return None
    actor = _key_actor(session, row) if is_key else _person_actor(session, row.id, row.name)
    return StoredCredential(actor, row.expires_at, None if is_key else IDLE, row.last_used_at, now)


def _key_actor(session: Session, row: Row[Any]) -> Actor:
    where = session.connection().execute(PLACES, {"key": row.id}).all()
    scopes = frozenset(Scope(scope) for scope in row.scopes)
    accesses = tuple(
        Access.of_key((place.id, place.code), scopes, (row.agency_id, row.code, row.kind)) for place in where
    )
    return Actor.of_key(row.id, row.prefix, accesses)


def _person_actor(session: Session, id_: int, name: str) -> Actor:
    return Actor.of_person(id_, name, tuple(_access(place) for place in _memberships(session, id_)))


def actor_of(session: Session, caller: str, now: datetime) -> Actor | None:
    """The actor of deferred work, with the access they have now; None if they are disabled or their key has ended.

    `caller` is `Actor.caller`, `now` is real time.
    """
    kind, _, number = caller.partition(":")
    connection = session.connection()
    if kind == "person":
        query = select(PERSON.c.id, PERSON.c.name).where(
            PERSON.c.id == int(number), PERSON.c.disabled_at.is_(None)
        )
        person = connection.execute(query).first()
        return _person_actor(session, person.id, person.name) if person is not None else None
    key = connection.execute(KEY_IN_FORCE, {"id": int(number), "now": now}).first()
    return _key_actor(session, key) if key is not None else None


def _memberships(session: Session, person_id: int) -> Sequence[Row[Any]]:
    return session.execute(
        select(
            PARTNERSHIP.c.id,
            PARTNERSHIP.c.code,
            MEMBERSHIP.c.role,
            AGENCY.c.id.label("agency_id"),
            AGENCY.c.code.label("agency"),
            AGENCY.c.kind,
        )
        .select_from(MEMBERSHIP)
        .join(PARTNERSHIP, PARTNERSHIP.c.id == MEMBERSHIP.c.partnership_id)
        .outerjoin(AGENCY, AGENCY.c.id == MEMBERSHIP.c.agency_id)
        .where(MEMBERSHIP.c.person_id == person_id)
        .order_by(PARTNERSHIP.c.code)
    ).all()


def _access(row: Row[Any]) -> Access:
    return Access.of_role((row.id, row.code), Role(row.role), (row.agency_id, row.agency, row.kind))
