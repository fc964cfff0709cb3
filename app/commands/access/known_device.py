"""Stores known devices: browsers and programs that a person signed in on, recognised by a random mark.

A mark gives no access. Password guesses made with it only have a budget of their own, so that strangers who guess
at the same password cannot delay the person (OWASP's "device cookies").
"""

import secrets
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from app.models.access.person import SignInDevice
from app.models.access.token import token_hash

LASTS = timedelta(days=90)
LINK_LASTS = timedelta(hours=1)
MOST = 10
"""Devices of one person; the one that expires first is deleted first."""


def add(session: Session, person_id: int, sign_in: str, *, replaces: str, clock: datetime) -> str:
    """Stores a device and returns its mark, which cannot be read again. Deletes the device `replaces`.

    `replaces` is a mark hash, as `recognise` returns it; `sign_in` the token hash of the session begun with it.
    """
    mark = secrets.token_urlsafe(32)
    session.exec(delete(SignInDevice).where(col(SignInDevice.mark_hash) == replaces))
    _store(session, SignInDevice(
        mark_hash=token_hash(mark), person_id=person_id, sign_in=sign_in, expires_at=clock + LASTS
    ), clock)  # fmt: skip
    return mark


def add_link(session: Session, person_id: int, link_hash: str, clock: datetime) -> None:
    """Stores a used one-time link's token as a mark: the person who set the password signs in next."""
    expires_at = clock + LINK_LASTS
    device = SignInDevice(mark_hash=link_hash, person_id=person_id, sign_in="", expires_at=expires_at)
    _store(session, device, clock)


def _store(session: Session, device: SignInDevice, clock: datetime) -> None:
    session.add(device)
    session.flush()
    session.exec(delete(SignInDevice).where(col(SignInDevice.expires_at) <= clock))
    newest = (
        select(SignInDevice.mark_hash)
        .where(SignInDevice.person_id == device.person_id)
        .order_by(col(SignInDevice.expires_at).desc())
    )
    extra = session.exec(newest.offset(MOST)).all()
    session.exec(delete(SignInDevice).where(col(SignInDevice.mark_hash).in_(extra)))


def recognise(session: Session, person_id: int, mark: str, clock: datetime) -> str:
    """Mark hash of the person's device with this mark; empty if the mark is not theirs or has expired."""
    query = select(SignInDevice.mark_hash).where(
        SignInDevice.mark_hash == token_hash(mark),
        SignInDevice.person_id == person_id,
        SignInDevice.expires_at > clock,
    )
    return session.exec(query).first() or ""


def end_all(session: Session, person_id: int, *, but: str | None = None) -> None:
    """Deletes the person's devices, except the one stored with the session of token hash `but`."""
    ending = delete(SignInDevice).where(col(SignInDevice.person_id) == person_id)
    if but is not None:
        ending = ending.where(col(SignInDevice.sign_in) != but)
    session.exec(ending)
