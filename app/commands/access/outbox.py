"""Writes messages to the outbox and records whether they were sent.

A message is written in the transaction of the change that it is about. A worker claims it for a while, sends it,
then marks it. If the worker dies in between, the message is sent again with the same reference: exactly once
cannot be guaranteed.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, update
from sqlmodel import col, select

from app.commands.change import Change
from app.db import leave_work
from app.domain.access.authority import Actor
from app.domain.errors import Conflict
from app.domain.message import HELD_UP
from app.models.access.outbox import OutboxMessage, Outgoing
from app.models.column import table

LEASE = timedelta(minutes=5)
"""Time for which a worker claims a message: longer than sending ever takes."""
MOST_ATTEMPTS = 12
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
"""Doubling from the one to the other, the attempts span about a day."""
LONGEST_HOLD = timedelta(hours=1)
"""Between attempts while the mail service has a fault: once it is put right, nothing should wait much longer."""
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
WORKER = Actor.of_service("worker")
MESSAGE = table(OutboxMessage)


def enqueue(change: Change, outgoing: Iterable[Outgoing], kind: str, subject: str) -> list[OutboxMessage]:
    """Writes the messages that were not written before, and returns those.

    `kind` and `subject` name what they are about, for the audit event.
    """
    by_key = {each.once: each for each in outgoing}
    query = select(OutboxMessage.once).where(col(OutboxMessage.once).in_(list(by_key)))
    written_before = set(change.session.exec(query))
    new = [each for once, each in by_key.items() if once not in written_before]
    if not new:
        return []
    messages = [_row(change, each) for each in new]
    change.add_all(messages)
    people = [str(each.person_id) for each in new]
    change.record("message written", kind, subject, kind=new[0].kind, people=people)
    leave_work(change.session)
    return messages


def _row(change: Change, outgoing: Outgoing) -> OutboxMessage:
    return OutboxMessage(
        partnership_id=change.partnership.id,
        agency_id=outgoing.agency_id,
        first_month=outgoing.first_month,
        kind=outgoing.kind,
        once=outgoing.once,
        to=outgoing.to,
        subject=" ".join(outgoing.words.subject.split())[:500],
        body=outgoing.words.body,
        state="waiting",
        not_before=AT_ONCE,
        recorded_at=change.now,
    )


def claim(connection: Connection, message: OutboxMessage, clock: datetime) -> bool:
    """Claims a message for this worker until the lease ends; False if another worker has it."""
    claimed = connection.execute(
        update(MESSAGE)
        .where(MESSAGE.c.id == message.id, MESSAGE.c.state == "waiting", MESSAGE.c.not_before <= clock)
        .values(not_before=clock + LEASE)
    )
    return claimed.rowcount == 1


def reference(message: OutboxMessage) -> str:
    """Reference of a message: always the same, and different in another deployment."""
    identity = f"{message.once}|{message.recorded_at.isoformat()}"
    return f"saferplan-{message.id}-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"


def record_sent(change: Change, message: OutboxMessage) -> None:
    """Marks a message as sent."""
    message.sent_at = change.now
    _settle(change, message, "sent", "")


def note_failure(
    change: Change, message: OutboxMessage, why: str, *, for_good: bool, clock: datetime
) -> None:
    """Records a failed attempt. The next one is later each time; after MOST_ATTEMPTS, or `for_good`, there is none."""
    message.not_before = clock + min(FIRST_PAUSE * 2**message.attempts, LONGEST_PAUSE)
    has_failed = for_good or message.attempts + 1 >= MOST_ATTEMPTS
    _settle(change, message, "failed" if has_failed else "waiting", why)


def note_held_up(change: Change, message: OutboxMessage, why: str, *, clock: datetime) -> None:
    """Keeps a message waiting for a fault of the mail service or its settings, however long that lasts."""
    message.not_before = clock + min(FIRST_PAUSE * 2 ** min(message.attempts, 10), LONGEST_HOLD)
    _settle(change, message, "waiting", f"{HELD_UP}{why}")


def _settle(change: Change, message: OutboxMessage, state: str, error: str) -> None:
    message.attempts += 1
    verb = {"sent": "message sent", "failed": "message failed"}.get(state, "message not sent yet")
    _change_state(change, message, state, error, verb)


def drop(change: Change, message: OutboxMessage, why: str) -> None:
    """Marks a message as dropped, since nobody needs it any more."""
    _change_state(change, message, "dropped", why, "message dropped")


def retry(change: Change, message: OutboxMessage) -> None:
    """Queues a failed message again, with all its attempts. Conflict `not_failed` for any other."""
    if message.state != "failed":
        raise Conflict("not_failed", "Only a message that failed is sent again.")
    message.attempts, message.not_before = 0, AT_ONCE
    _change_state(change, message, "waiting", "", "message retried")
    leave_work(change.session)


def _change_state(change: Change, message: OutboxMessage, state: str, error: str, verb: str) -> None:
    message.state, message.error = state, error[:2_000]
    change.session.add(message)
    change.within(message.partnership_id).record(
        verb, "message", str(message.id), kind=message.kind, attempts=message.attempts, error=message.error
    )
