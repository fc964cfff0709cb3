"""Keys of partners' programs: made, rotated with an overlap, revoked.

Whether the actor may is asked before; what holds whoever asks is said here.
"""

import json
import secrets
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.commands import audit
from app.commands.bulk import delete_rows
from app.config import LONDON
from app.db import seq
from app.domain.access.authority import OUTSIDE, Actor, Scope
from app.domain.errors import Conflict, RuleBroken
from app.models.access.key import ApiKey, ApiKeyPartnership
from app.models.access.token import token_hash
from app.models.plan.partnership import Agency, Partnership, PartnershipAgency
from app.models.record.ledger import AuditEvent

LONGEST_OVERLAP = 30
STAFFS = frozenset({Scope.WRITE_PLAN, Scope.CHECK_RETURNS, Scope.CLOSE_PERIODS})
"""Scopes by which a key does the partnership's own work, and sees what its staff see."""
MADE = "key made"
"""The event that says until when."""
PREFIX_LETTERS = string.ascii_lowercase + string.digits


@dataclass(frozen=True, slots=True)
class MadeKey:
    """The only time the secret is to be had."""

    key: ApiKey
    secret: str


def create(
    session: Session,
    *,
    name: str,
    agency: Agency,
    partnerships: Sequence[Partnership],
    scopes: Iterable[Scope],
    expires_on: date | None,
    actor: Actor,
    now: datetime,
    clock: datetime,
) -> MadeKey:
    """A key of one agency, good in each of the partnerships until the end of `expires_on` in London.

    `clock` is real time, which keys run out by; `now` is when the record says it was made. RuleBroken on
    `agency` where it does not belong to a partnership, on `expires_on` outside the coming year, on `scopes`
    for staff's work where the agency is outside the information-sharing agreement.
    """
    wanted = frozenset(scopes)
    if agency.kind in OUTSIDE and (most := sorted(wanted & STAFFS)):
        message = f"A {agency.kind} is outside the information-sharing agreement: its keys may not {most[0]}."
        raise RuleBroken("scopes", "outside_agreement", message)
    for partnership in partnerships:
        if session.get(PartnershipAgency, (partnership.id, agency.id)) is None:
            message = f"“{agency.code}” is no agency of {partnership.short_name}."
            raise RuleBroken("agency", "unknown_agency", message)
    places = [partnership.id for partnership in partnerships]
    return _make(session, name, agency, places, sorted(wanted), _expiry(expires_on, clock), actor, now, clock)


def rotate(
    session: Session, old: ApiKey, *, overlap_days: int, actor: Actor, now: datetime, clock: datetime
) -> MadeKey:
    """A new key like the old one; the old lives on for the overlap, so that programs can be changed over.

    The new one is good for as long as the old one was made for, however often that was rotated. Conflict
    `key_ended` for one that no longer works.
    """
    if old.revoked_at is not None or old.expires_at <= clock:
        raise Conflict("key_ended", "This key no longer works. Make a new one instead.")
    if not 0 <= overlap_days <= LONGEST_OVERLAP:
        message = f"Expected 0 to {LONGEST_OVERLAP} days."
        raise RuleBroken("overlap_days", "bad_overlap", message)
    lifetime = _made_until(session, old) - old.created_at
    expires_at = min(clock + lifetime, _end_of(_last_day(clock)))
    agency = session.get_one(Agency, old.agency_id)
    scopes = [Scope(scope) for scope in old.scopes]
    made = _make(session, old.name, agency, places(session, old), scopes, expires_at, actor, now, clock)
    old.expires_at = min(old.expires_at, clock + timedelta(days=overlap_days))
    _changed(session, old)
    data = {"replaced_by": made.key.prefix, "overlap_days": overlap_days}
    _note(session, actor, "key rotated", old, data, now)
    return made


def revoke(
    session: Session,
    key: ApiKey,
    *,
    within: Iterable[int] | None = None,
    actor: Actor,
    now: datetime,
    clock: datetime,
) -> None:
    """Ends a key at once; ending it again changes nothing.

    `within` are the partnerships the actor may speak for: a key that others use too is only taken out of
    those. None speaks for all.
    """
    if key.revoked_at is not None:
        return
    has = set(places(session, key))
    taken = has if within is None else has & set(within)
    if taken == has:
        key.revoked_at = clock
        _changed(session, key)
        _note(session, actor, "key revoked", key, {}, now)
        return
    for place in sorted(taken):
        _note(session, actor, "key withdrawn", key, {}, now, place)
    of_key = col(ApiKeyPartnership.api_key_id) == key.id
    delete_rows(session, ApiKeyPartnership, of_key, col(ApiKeyPartnership.partnership_id).in_(taken))
    _changed(session, key)


def places(session: Session, key: ApiKey) -> list[int]:
    """Ids of the partnerships a key is good in."""
    query = select(ApiKeyPartnership.partnership_id).where(ApiKeyPartnership.api_key_id == key.id)
    return list(session.exec(query.order_by(col(ApiKeyPartnership.partnership_id))).all())


def _made_until(session: Session, key: ApiKey) -> datetime:
    """When a key was to end as it was made: a rotation shortens it, the record keeps what it was."""
    query = select(AuditEvent.data).where(
        AuditEvent.subject_kind == "key", AuditEvent.subject == key.prefix, AuditEvent.action == MADE
    )
    made = session.exec(query.order_by(col(AuditEvent.id)).limit(1)).first()
    return datetime.fromisoformat(json.loads(made)["expires_at"]) if made is not None else key.expires_at


def _expiry(expires_on: date | None, clock: datetime) -> datetime:
    first, last = clock.astimezone(LONDON).date(), _last_day(clock)
    if expires_on is not None and not first <= expires_on <= last:
        raise RuleBroken("expires_on", "bad_expiry", f"Expected a day from {first} to {last}.")
    return _end_of(expires_on or last)


def _last_day(clock: datetime) -> date:
    """The same day next year; 1 March for a 29 February."""
    today = clock.astimezone(LONDON).date()
    leap_day = (today.month, today.day) == (2, 29)
    return date(today.year + 1, 3, 1) if leap_day else today.replace(year=today.year + 1)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, LONDON)


def _make(
    session: Session,
    name: str,
    agency: Agency,
    where: Sequence[int],
    scopes: Sequence[Scope],
    expires_at: datetime,
    actor: Actor,
    now: datetime,
    clock: datetime,
) -> MadeKey:
    prefix = "sp_" + "".join(secrets.choice(PREFIX_LETTERS) for _ in range(8))
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey(
        prefix=prefix,
        secret_hash=token_hash(secret),
        name=name,
        agency_id=agency.id,
        scopes=[scope.value for scope in scopes],
        created_at=clock,
        created_by=actor.name,
        expires_at=expires_at,
        seq=seq(session),
    )
    session.add(key)
    session.flush()
    session.add_all([ApiKeyPartnership(api_key_id=key.id, partnership_id=place) for place in where])
    session.flush()
    data = {"agency": agency.code, "scopes": key.scopes, "expires_at": expires_at.isoformat()}
    _note(session, actor, MADE, key, data, now)
    return MadeKey(key, secret)


def _changed(session: Session, key: ApiKey) -> None:
    key.version += 1
    key.seq = seq(session)
    session.add(key)
    session.flush()


def _note(
    session: Session,
    actor: Actor,
    action: str,
    key: ApiKey,
    data: dict[str, Any],
    now: datetime,
    place: int | None = None,
) -> None:
    """In each partnership's record that the key is good in, or in the one named."""
    for partnership_id in [place] if place is not None else places(session, key):
        audit.record(session, actor, action, ("key", key.prefix), data, at=now, partnership_id=partnership_id)
