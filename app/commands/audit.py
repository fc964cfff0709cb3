"""The chain of audit events: every change says who made it, in the change's own transaction."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, select

from app.commands.figure_audit import differing
from app.db import seq
from app.domain.authority import Actor
from app.models.ledger import AuditEvent, Ledger

GENESIS = "0" * 64


def record(
    session: Session,
    actor: Actor | str,
    action: str,
    subject: tuple[str, str],
    data: dict[str, Any],
    *,
    at: datetime,
    partnership_id: int | None = None,
) -> None:
    """Appends one event. `subject` is a kind and a code; `data` must go through JSON."""
    event = AuditEvent(
        seq=seq(session),
        at=at.astimezone(UTC),  # as it is read back: the hash is over its text
        partnership_id=partnership_id,
        actor=actor if isinstance(actor, str) else actor.name,
        action=action,
        subject_kind=subject[0],
        subject=subject[1],
        data=canonical(data),
        previous=session.info["head"],
        hash="",
    )
    event.hash = digest(event)
    session.add(event)
    session.flush()
    session.execute(update(Ledger).values(head=event.hash))
    session.info["head"] = event.hash


def canonical(data: Any) -> str:
    """JSON whose bytes depend on its content alone."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def digest(event: AuditEvent) -> str:
    """SHA-256 over the previous hash and every other column, in a fixed order."""
    fields = [
        event.previous,
        event.seq,
        event.at.isoformat(),
        event.partnership_id,
        event.actor,
        event.action,
        event.subject_kind,
        event.subject,
        event.data,
    ]
    return hashlib.sha256(canonical(fields).encode()).hexdigest()


def verify(session: Session, exported_head: str | None = None) -> Iterator[str]:
    """Yields what is wrong with the chain or the figures it vouches for, in words; nothing when all is whole.

    A chain cannot show that its tail was cut off, so it is compared with the ledger's head and, where
    one is given, with a head that was written down earlier and elsewhere.
    """
    previous, seen = GENESIS, exported_head in (None, GENESIS)
    for event in session.exec(select(AuditEvent).order_by(AuditEvent.id)).yield_per(1_000):  # type: ignore[arg-type]
        if event.previous != previous:
            yield f"Event {event.id} does not follow the one before it: an event was removed or put in."
        if digest(event) != event.hash:
            yield f"Event {event.id} is not what was recorded: its hash does not fit its content."
        previous = event.hash
        seen = seen or previous == exported_head
    head = session.exec(select(Ledger.head)).one()
    if head != previous:
        yield "The last event is not the one the ledger names: the end of the record was cut off."
    if not seen:
        yield "The head written down earlier is not in the record: it was cut off or rewritten."
    yield from differing(session)
