"""Whose credential this is, and what it may do now."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlmodel import Session

from app.domain.access.authority import Actor, Role, Scope, Standing
from app.models.access.key import ApiKey, ApiKeyPartnership
from app.models.access.person import Membership, Person, SignIn
from app.models.access.token import token_hash
from app.models.column import table
from app.models.plan.partnership import Agency, Partnership

IDLE = timedelta(minutes=30)
"""How long a sign-in lasts unused. Its last use is written at most once a minute."""
NOTE_USE_EVERY = timedelta(minutes=1)
KEY_PREFIX = "sp_"
AGENCY, PARTNERSHIP, PERSON = table(Agency), table(Partnership), table(Person)
KEY, KEY_PARTNERSHIP = table(ApiKey), table(ApiKeyPartnership)
MEMBERSHIP, SIGN_IN = table(Membership), table(SignIn)
# Put together once, as every request that is not answered from what is kept asks them.
LIVE_KEY = (
    select(KEY, AGENCY.c.code, AGENCY.c.kind)
    .join(AGENCY, AGENCY.c.id == KEY.c.agency_id)
    .where(
        KEY.c.secret_hash == bindparam("hashed"),
        KEY.c.revoked_at.is_(None),
        KEY.c.expires_at > bindparam("now"),
    )
)
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
    """An actor, until when it holds without being looked up again, and whether its use wants noting."""

    __slots__ = ("actor", "note_use", "until")

    def __init__(self, actor: Actor, until: datetime, note_use: bool) -> None:
        self.actor = actor
        self.until = until
        self.note_use = note_use


def find_credential(session: Session, token: str, now: datetime) -> Credential | None:
    """None for a token that is unknown, revoked or run out; `now` is real time."""
    return _key(session, token, now) if token.startswith(KEY_PREFIX) else _sign_in(session, token, now)


def _key(session: Session, token: str, now: datetime) -> Credential | None:
    connection = session.connection()
    row = connection.execute(LIVE_KEY, {"hashed": token_hash(token), "now": now}).first()
    if row is None:
        return None
    stale = row.last_used_at is None or now - row.last_used_at > NOTE_USE_EVERY
    return Credential(_key_actor(session, row), min(row.expires_at, now + NOTE_USE_EVERY), stale)


def _key_actor(session: Session, row: Row[Any]) -> Actor:
    where = session.connection().execute(PLACES, {"key": row.id}).all()
    scopes = frozenset(Scope(scope) for scope in row.scopes)
    standings = tuple(
        Standing.of_key((place.id, place.code), scopes, (row.agency_id, row.code, row.kind))
        for place in where
    )
    return Actor.of_key(row.id, row.prefix, standings)


def _sign_in(session: Session, token: str, now: datetime) -> Credential | None:
    row = session.execute(
        select(SIGN_IN.c.last_used_at, SIGN_IN.c.expires_at, PERSON.c.id, PERSON.c.name)
        .join(PERSON, PERSON.c.id == SIGN_IN.c.person_id)
        .where(
            SIGN_IN.c.token_hash == token_hash(token),
            SIGN_IN.c.expires_at > now,
            SIGN_IN.c.last_used_at > now - IDLE,
            PERSON.c.disabled_at.is_(None),
        )
    ).first()
    if row is None:
        return None
    return Credential(
        _person_actor(session, row.id, row.name),
        min(row.expires_at, now + NOTE_USE_EVERY),
        now - row.last_used_at > NOTE_USE_EVERY,
    )


def _person_actor(session: Session, id_: int, name: str) -> Actor:
    return Actor.of_person(id_, name, tuple(_standing(place) for place in _memberships(session, id_)))


def actor_of(session: Session, caller: str, now: datetime) -> Actor | None:
    """Who left work to be done later, with the authority they have now; None for one who has none left.

    `caller` is as `Actor` has it, `now` is real time.
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


def _standing(row: Row[Any]) -> Standing:
    return Standing.of_role((row.id, row.code), Role(row.role), (row.agency_id, row.agency, row.kind))
