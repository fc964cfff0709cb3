"""The outbox: messages written with what they tell of, then sent, tried again, given up or taken back.

Sending exactly once cannot be had. A message is claimed for a while, sent, and then marked; a worker that dies
between sends it again, under the same reference.
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
"""Longer than any sending takes."""
MOST_ATTEMPTS = 12
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
"""Doubling from the one to the other, the attempts span about a day."""
LONGEST_HOLD = timedelta(hours=1)
"""Between attempts while the mail service has a fault: once it is put right, nothing should wait much longer."""
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
WORKER = Actor.of_service("worker")
MESSAGE = table(OutboxMessage)


def enqueue(change: Change, outgoing: Iterable[Outgoing], kind: str, subject: str) -> list[OutboxMessage]:
    """Writes what was not written before; gives those. `kind` and `subject` say what they are about, for the record."""
    wanted = {each.once: each for each in outgoing}
    query = select(OutboxMessage.once).where(col(OutboxMessage.once).in_(list(wanted)))
    written_before = set(change.session.exec(query))
    fresh = [each for once, each in wanted.items() if once not in written_before]
    if not fresh:
        return []
    messages = [_row(change, each) for each in fresh]
    change.add_all(messages)
    people = [str(each.person_id) for each in fresh]
    change.record("message written", kind, subject, kind=fresh[0].kind, people=people)
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


def note_sent(change: Change, message: OutboxMessage) -> None:
    message.sent_at = change.now
    _settle(change, message, "sent", "")


def note_failure(
    change: Change, message: OutboxMessage, why: str, *, for_good: bool, clock: datetime
) -> None:
    """Tried again later, longer and longer apart, until that is hopeless."""
    message.not_before = clock + min(FIRST_PAUSE * 2**message.attempts, LONGEST_PAUSE)
    given_up = for_good or message.attempts + 1 >= MOST_ATTEMPTS
    _settle(change, message, "failed" if given_up else "waiting", why)


def note_held_up(change: Change, message: OutboxMessage, why: str, *, clock: datetime) -> None:
    """Keeps a message waiting for a fault of the mail service or its settings, however long that lasts."""
    message.not_before = clock + min(FIRST_PAUSE * 2 ** min(message.attempts, 10), LONGEST_HOLD)
    _settle(change, message, "waiting", f"{HELD_UP}{why}")


def _settle(change: Change, message: OutboxMessage, state: str, error: str) -> None:
    message.attempts += 1
    verb = {"sent": "message sent", "failed": "message failed"}.get(state, "message not sent yet")
    _change_state(change, message, state, error, verb)


def drop(change: Change, message: OutboxMessage, why: str) -> None:
    """Takes back one that nobody needs any more."""
    _change_state(change, message, "dropped", why, "message dropped")


def retry(change: Change, message: OutboxMessage) -> None:
    """Sends one that was given up once more, with as many attempts as at first."""
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
