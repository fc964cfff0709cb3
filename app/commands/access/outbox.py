"""The outbox: messages written with what they tell of, then sent, tried again, given up or taken back.

Sending exactly once cannot be had. A message is claimed for a while, sent, and then marked; a worker that dies
between sends it again, under the same reference.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, update
from sqlmodel import Session, col, select

from app.commands import audit
from app.db import leave_work, seq
from app.domain.access.authority import Actor
from app.domain.errors import Conflict
from app.models.access.outbox import OutboxMessage, Outgoing
from app.models.column import table

LEASE = timedelta(minutes=5)
"""Longer than any sending takes."""
MOST_ATTEMPTS = 12
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
"""Doubling from the one to the other, the attempts span about a day."""
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
WORKER = "worker"
MESSAGE = table(OutboxMessage)


def enqueue(
    session: Session,
    partnership_id: int,
    outgoing: Iterable[Outgoing],
    *,
    subject: tuple[str, str],
    actor: Actor | str,
    now: datetime,
) -> list[OutboxMessage]:
    """Writes what was not written before; gives those. `subject` is what they are about, for the record."""
    wanted = {each.once: each for each in outgoing}
    known = set(session.exec(select(OutboxMessage.once).where(col(OutboxMessage.once).in_(list(wanted)))))
    fresh = [each for once, each in wanted.items() if once not in known]
    if not fresh:
        return []
    written = [_row(session, partnership_id, each, now) for each in fresh]
    session.add_all(written)
    data = {"kind": fresh[0].kind, "people": [str(each.person_id) for each in fresh]}
    audit.record(session, actor, "message written", subject, data, at=now, partnership_id=partnership_id)
    leave_work(session)
    return written


def _row(session: Session, partnership_id: int, outgoing: Outgoing, now: datetime) -> OutboxMessage:
    return OutboxMessage(
        partnership_id=partnership_id,
        agency_id=outgoing.agency_id,
        first_month=outgoing.first_month,
        kind=outgoing.kind,
        once=outgoing.once,
        to=outgoing.to,
        subject=" ".join(outgoing.words.subject.split())[:500],
        body=outgoing.words.body,
        state="waiting",
        not_before=AT_ONCE,
        recorded_at=now,
        seq=seq(session),
    )


def claim(connection: Connection, message: OutboxMessage, clock: datetime) -> bool:
    """Whether the message is this worker's to send for the next while; of several who ask, one's."""
    taken = connection.execute(
        update(MESSAGE)
        .where(MESSAGE.c.id == message.id, MESSAGE.c.state == "waiting", MESSAGE.c.not_before <= clock)
        .values(not_before=clock + LEASE)
    )
    return taken.rowcount == 1


def reference(message: OutboxMessage) -> str:
    """The message's own for ever, and no other deployment's."""
    whole = f"{message.once}|{message.recorded_at.isoformat()}"
    return f"saferplan-{message.id}-{hashlib.sha256(whole.encode()).hexdigest()[:12]}"


def note_sent(session: Session, message: OutboxMessage, *, now: datetime) -> None:
    message.sent_at = now
    _settle(session, message, "sent", "", now)


def note_failure(
    session: Session, message: OutboxMessage, why: str, *, for_good: bool, now: datetime, clock: datetime
) -> None:
    """Tried again later, longer and longer apart, until that is hopeless."""
    message.not_before = clock + min(FIRST_PAUSE * 2**message.attempts, LONGEST_PAUSE)
    given_up = for_good or message.attempts + 1 >= MOST_ATTEMPTS
    _settle(session, message, "failed" if given_up else "waiting", why, now)


def _settle(session: Session, message: OutboxMessage, state: str, error: str, now: datetime) -> None:
    message.attempts += 1
    _change(session, message, state, error)
    action = {"sent": "message sent", "failed": "message failed"}.get(state, "message not sent yet")
    _note(session, message, action, WORKER, now)


def drop(session: Session, message: OutboxMessage, why: str, *, now: datetime) -> None:
    """Takes back one that nobody needs any more."""
    _change(session, message, "dropped", why)
    _note(session, message, "message dropped", WORKER, now)


def retry(session: Session, message: OutboxMessage, *, actor: Actor, now: datetime) -> None:
    """Sends one that was given up once more, with as many attempts as at first."""
    if message.state != "failed":
        raise Conflict("not_failed", "Only a message that failed is sent again.")
    message.attempts, message.not_before = 0, AT_ONCE
    _change(session, message, "waiting", "")
    _note(session, message, "message retried", actor, now)
    leave_work(session)


def _change(session: Session, message: OutboxMessage, state: str, error: str) -> None:
    message.state, message.error, message.seq = state, error[:2_000], seq(session)
    session.add(message)


def _note(session: Session, message: OutboxMessage, action: str, actor: Actor | str, now: datetime) -> None:
    data = {"kind": message.kind, "attempts": message.attempts, "error": message.error}
    audit.record(
        session,
        actor,
        action,
        ("message", str(message.id)),
        data,
        at=now,
        partnership_id=message.partnership_id,
    )
