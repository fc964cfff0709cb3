"""Ends a write: reads back and hashes the changed rows, and chains its events over those digests."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count, islice
from typing import Any, cast

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.orm import Session

from app.models.column import table
from app.models.record.ledger import AuditEvent, Ledger
from app.models.record.ledger import RowDigest as Stored
from app.record.changes import Changes, changes_of
from app.record.event import Event, canonical
from app.record.figure import figures_digest
from app.record.row import AT_ONCE, RowDigest, current_digests

AUDIT_EVENT, LEDGER, ROW_DIGEST = table(AuditEvent), table(Ledger), table(Stored)
SERVICE = "saferplan"
UNRECORDED = "rows changed"
"""Action of a change without an event of its own: a draft that was saved, a file that was checked."""
SUBJECT = "ledger"


def finish(session: Session) -> bool:
    """Appends the events and digests of a write; False where it changed nothing and may be rolled back.

    Every write that is kept has an event, so the events' numbers leave none out.
    """
    changes = changes_of(session)
    if not changes.has_written and not changes.events:
        return False
    connection, seq = session.connection(), cast(int, session.info["seq"])
    digests = sorted(_digests(connection, changes))
    events = changes.events or [_unrecorded_event(connection, seq, changes)]
    append(connection, seq, session.info["head"], events, digests)
    if not (session.info.get("figures_only") and changes.is_of_figures):
        connection.execute(update(LEDGER).values(frame=seq))
    return True


def append(
    connection: Connection, seq: int, head: str, events: Sequence[Event], digests: Iterable[RowDigest]
) -> None:
    """Stores a write's digests and events; the last event covers the digests."""
    digests_hash = _store(connection, seq, digests)
    if digests_hash is not None:
        events = [*events[:-1], events[-1].with_digests(digests_hash)]
    rows = list(_chained(events, head))
    connection.execute(insert(AUDIT_EVENT), rows)
    connection.execute(update(LEDGER).values(head=rows[-1]["hash"]))


def _store(connection: Connection, seq: int, digests: Iterable[RowDigest]) -> str | None:
    """Numbers and stores digests, some at a time; returns the hash over them, or None where there are none."""
    total, numbers, rest = DigestsHash(), count(1), iter(digests)
    while chunk := list(islice(rest, AT_ONCE)):
        numbered = list(zip(islice(numbers, len(chunk)), chunk, strict=True))
        rows = [{"seq": seq, "number": number, **each._asdict()} for number, each in numbered]
        connection.execute(insert(ROW_DIGEST), rows)
        for number, digest in numbered:
            total.add(number, digest)
    return total.hexdigest() if next(numbers) > 1 else None


class DigestsHash:
    """SHA-256 over the digests of one write, in their order."""

    def __init__(self) -> None:
        self._total = hashlib.sha256()

    def add(self, number: int, row: RowDigest) -> None:
        line = f"{number} {row.table_name} {row.row_key} {row.list_version} {row.digest or ''}\n"
        self._total.update(line.encode())

    def hexdigest(self) -> str:
        return self._total.hexdigest()


def _digests(connection: Connection, changes: Changes) -> Iterator[RowDigest]:
    for name, keys in changes.rows.items():
        yield from current_digests(connection, name, keys)
    for submission_id in changes.submissions:
        if (digest := figures_digest(connection, submission_id)) is not None:
            yield digest


def _chained(events: Iterable[Event], head: str) -> Iterator[dict[str, Any]]:
    for event in events:
        row = event.chained(head)
        head = row["hash"]
        yield row


def _unrecorded_event(connection: Connection, seq: int, changes: Changes) -> Event:
    """An event for a write that has none. Its time is that of the event before, so that it reveals nothing."""
    last = select(AUDIT_EVENT.c.at).order_by(AUDIT_EVENT.c.id.desc()).limit(1)
    at = connection.execute(last).scalar() or datetime.now(UTC)
    facts = canonical({name: len(keys) for name, keys in changes.rows.items()})
    return Event(seq, at, None, SERVICE, UNRECORDED, SUBJECT, str(seq), facts)
