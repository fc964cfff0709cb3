"""Makes, rotates and revokes the keys of partners' programs.

The caller checks that the actor may; the rules here hold for every actor.
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
STAFF_SCOPES = frozenset({Scope.WRITE_PLAN, Scope.CHECK_RETURNS, Scope.CLOSE_PERIODS})
"""Scopes of the partnership's own work. A key with one of them sees the figures that staff see."""
KEY_MADE = "key made"
"""Verb of the event that records when a new key ends."""
PREFIX_LETTERS = string.ascii_lowercase + string.digits


@dataclass(frozen=True, slots=True)
class KeyWithSecret:
    """A new key with its secret, which is stored only as a hash and cannot be read again."""

    key: ApiKey
    secret: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """Facts for a new key of one agency. It is valid in each partnership until the end of `expires_on` in London."""

    name: str
    agency: Agency
    partnerships: Sequence[Partnership]
    scopes: frozenset[Scope]
    expires_on: date | None = None


def create(change: Change, new_key: NewKey, clock: datetime) -> KeyWithSecret:
    """Makes a key. `clock` is real time, which keys expire by.

    RuleBroken on `agency` where it does not belong to a partnership, on `expires_on` outside the coming year, on
    `scopes` for staff's work where the agency is outside the information-sharing agreement.
    """
    agency = new_key.agency
    if agency.kind in OUTSIDE and (most := sorted(new_key.scopes & STAFF_SCOPES)):
        message = f"A {agency.kind} is outside the information-sharing agreement: its keys may not {most[0]}."
        raise RuleBroken("scopes", "outside_agreement", message)
    for partnership in new_key.partnerships:
        if change.session.get(PartnershipAgency, (partnership.id, agency.id)) is None:
            message = f"“{agency.code}” is no agency of {partnership.short_name}."
            raise RuleBroken("agency", "unknown_agency", message)
    facts = _Facts(new_key.name, agency, sorted(new_key.scopes), _expiry(new_key.expires_on, clock))
    return _add_key(change, facts, [partnership.id for partnership in new_key.partnerships], clock)


def rotate(change: Change, old: ApiKey, overlap_days: int, clock: datetime) -> KeyWithSecret:
    """Makes a key like the old one. The old one works during the overlap, so that programs can be changed over.

    The new key lasts as long as the old one was first made for, however often that was rotated. Conflict
    `key_ended` if the old one no longer works.
    """
    if old.revoked_at is not None or old.expires_at <= clock:
        raise Conflict("key_ended", "This key no longer works. Make a new one instead.")
    if not 0 <= overlap_days <= LONGEST_OVERLAP:
        message = f"Expected 0 to {LONGEST_OVERLAP} days."
        raise RuleBroken("overlap_days", "bad_overlap", message)
    lifetime = _original_expiry(change.session, old) - old.created_at
    expires_at = min(clock + lifetime, _end_of(_last_day(clock)))
    agency = change.session.get_one(Agency, old.agency_id)
    facts = _Facts(old.name, agency, old.scopes, expires_at)
    replacement = _add_key(change, facts, places(change.session, old), clock)
    old.expires_at = min(old.expires_at, clock + timedelta(days=overlap_days))
    _bump_version(change, old)
    _record(change, "key rotated", old, replaced_by=replacement.key.prefix, overlap_days=overlap_days)
    return replacement


def revoke(change: Change, key: ApiKey, clock: datetime, within: Iterable[int] | None = None) -> None:
    """Takes a key out of the partnerships in `within`; ends it at once if it is valid in no other.

    `within` are those the actor may end it for; None stands for all. A key that has ended stays as it is.
    """
    if key.revoked_at is not None:
        return
    session, valid_in = change.session, set(places(change.session, key))
    ended_in = valid_in if within is None else valid_in & set(within)
    if ended_in == valid_in:
        key.revoked_at = clock
        _bump_version(change, key)
        _record(change, "key revoked", key)
        return
    for place in sorted(ended_in):
        change.within(place).record("key withdrawn", "key", key.prefix)
    of_key = col(ApiKeyPartnership.api_key_id) == key.id
    delete_rows(session, ApiKeyPartnership, of_key, col(ApiKeyPartnership.partnership_id).in_(ended_in))
    _bump_version(change, key)


def places(session: Session, key: ApiKey) -> list[int]:
    """Ids of the partnerships that a key is valid in."""
    query = select(ApiKeyPartnership.partnership_id).where(ApiKeyPartnership.api_key_id == key.id)
    return list(session.exec(query.order_by(col(ApiKeyPartnership.partnership_id))).all())


def _original_expiry(session: Session, key: ApiKey) -> datetime:
    """Time at which a key was to end when it was made. A rotation shortens that, so it is read from the audit log."""
    query = select(AuditEvent.data).where(
        AuditEvent.subject_kind == "key", AuditEvent.subject == key.prefix, AuditEvent.action == KEY_MADE
    )
    facts = session.exec(query.order_by(col(AuditEvent.id)).limit(1)).first()
    return datetime.fromisoformat(json.loads(facts)["expires_at"]) if facts is not None else key.expires_at


def _expiry(expires_on: date | None, clock: datetime) -> datetime:
    first, last = clock.astimezone(LONDON).date(), _last_day(clock)
    if expires_on is not None and not first <= expires_on <= last:
        raise RuleBroken("expires_on", "bad_expiry", f"Expected a day from {first} to {last}.")
    return _end_of(expires_on or last)


def _last_day(clock: datetime) -> date:
    """Same day next year; 1 March for a 29 February."""
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


def _add_key(change: Change, facts: _Facts, partnership_ids: Sequence[int], clock: datetime) -> KeyWithSecret:
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
    change.session.add_all(
        [ApiKeyPartnership(api_key_id=key.id, partnership_id=place) for place in partnership_ids]
    )
    change.session.flush()
    until = facts.expires_at.isoformat()
    _record(change, KEY_MADE, key, agency=facts.agency.code, scopes=key.scopes, expires_at=until)
    return KeyWithSecret(key, secret)


def _bump_version(change: Change, key: ApiKey) -> None:
    key.version += 1
    change.add(key)


def _record(change: Change, verb: str, key: ApiKey, **facts: Any) -> None:
    """Records an event in each partnership that the key is valid in."""
    for place in places(change.session, key):
        change.within(place).record(verb, "key", key.prefix, **facts)
