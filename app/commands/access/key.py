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

from app.commands.bulk import delete_rows
from app.commands.change import Change
from app.config import LONDON
from app.domain.access.authority import OUTSIDE, Scope
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


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be made: of one agency, good in each of the partnerships until the end of `expires_on` in London."""

    name: str
    agency: Agency
    partnerships: Sequence[Partnership]
    scopes: frozenset[Scope]
    expires_on: date | None = None


def create(change: Change, wanted: NewKey, clock: datetime) -> MadeKey:
    """`clock` is real time, which keys run out by.

    RuleBroken on `agency` where it does not belong to a partnership, on `expires_on` outside the coming year, on
    `scopes` for staff's work where the agency is outside the information-sharing agreement.
    """
    agency = wanted.agency
    if agency.kind in OUTSIDE and (most := sorted(wanted.scopes & STAFFS)):
        message = f"A {agency.kind} is outside the information-sharing agreement: its keys may not {most[0]}."
        raise RuleBroken("scopes", "outside_agreement", message)
    for partnership in wanted.partnerships:
        if change.session.get(PartnershipAgency, (partnership.id, agency.id)) is None:
            message = f"“{agency.code}” is no agency of {partnership.short_name}."
            raise RuleBroken("agency", "unknown_agency", message)
    facts = _Facts(wanted.name, agency, sorted(wanted.scopes), _expiry(wanted.expires_on, clock))
    return _make(change, facts, [partnership.id for partnership in wanted.partnerships], clock)


def rotate(change: Change, old: ApiKey, overlap_days: int, clock: datetime) -> MadeKey:
    """A new key like the old one; the old lives on for the overlap, so that programs can be changed over.

    The new one is good for as long as the old one was made for, however often that was rotated. Conflict
    `key_ended` for one that no longer works.
    """
    if old.revoked_at is not None or old.expires_at <= clock:
        raise Conflict("key_ended", "This key no longer works. Make a new one instead.")
    if not 0 <= overlap_days <= LONGEST_OVERLAP:
        message = f"Expected 0 to {LONGEST_OVERLAP} days."
        raise RuleBroken("overlap_days", "bad_overlap", message)
    lifetime = _made_until(change.session, old) - old.created_at
    expires_at = min(clock + lifetime, _end_of(_last_day(clock)))
    agency = change.session.get_one(Agency, old.agency_id)
    facts = _Facts(old.name, agency, old.scopes, expires_at)
    made = _make(change, facts, places(change.session, old), clock)
    old.expires_at = min(old.expires_at, clock + timedelta(days=overlap_days))
    _changed(change, old)
    _record(change, "key rotated", old, replaced_by=made.key.prefix, overlap_days=overlap_days)
    return made


def revoke(change: Change, key: ApiKey, clock: datetime, within: Iterable[int] | None = None) -> None:
    """Ends a key at once; ending it again changes nothing.

    `within` are the partnerships the actor may speak for: a key that others use too is only taken out of
    those. None speaks for all.
    """
    if key.revoked_at is not None:
        return
    session, has = change.session, set(places(change.session, key))
    taken = has if within is None else has & set(within)
    if taken == has:
        key.revoked_at = clock
        _changed(change, key)
        _record(change, "key revoked", key)
        return
    for place in sorted(taken):
        change.within(place).record("key withdrawn", "key", key.prefix)
    of_key = col(ApiKeyPartnership.api_key_id) == key.id
    delete_rows(session, ApiKeyPartnership, of_key, col(ApiKeyPartnership.partnership_id).in_(taken))
    _changed(change, key)


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


@dataclass(frozen=True, slots=True)
class _Facts:
    name: str
    agency: Agency
    scopes: Sequence[str]
    expires_at: datetime


def _make(change: Change, facts: _Facts, where: Sequence[int], clock: datetime) -> MadeKey:
    prefix = "sp_" + "".join(secrets.choice(PREFIX_LETTERS) for _ in range(8))
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    key = change.add(
        ApiKey(
            prefix=prefix,
            secret_hash=token_hash(secret),
            name=facts.name,
            agency_id=facts.agency.id,
            scopes=[str(scope) for scope in facts.scopes],
            created_at=clock,
            created_by=change.actor.name,
            expires_at=facts.expires_at,
        )
    )
    change.session.add_all([ApiKeyPartnership(api_key_id=key.id, partnership_id=place) for place in where])
    change.session.flush()
    until = facts.expires_at.isoformat()
    _record(change, MADE, key, agency=facts.agency.code, scopes=key.scopes, expires_at=until)
    return MadeKey(key, secret)


def _changed(change: Change, key: ApiKey) -> None:
    key.version += 1
    change.add(key)


def _record(change: Change, verb: str, key: ApiKey, **data: Any) -> None:
    """In the record of each partnership that the key is good in."""
    for place in places(change.session, key):
        change.within(place).record(verb, "key", key.prefix, **data)
