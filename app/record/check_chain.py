"""Verifies the events: none changed, removed, put in or cut off, and each covering the digests of its change."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from app.record.baseline import BEGUN
from app.record.event import DIGESTS, GENESIS, event_hash
from app.record.figure import ROWS, ROWS_VERSION
from app.record.write import AUDIT_EVENT, LEDGER


@dataclass
class Chain:
    """The events read so far, and the digests they cover."""

    previous: str = GENESIS
    seq: int = 0
    digests: dict[int, str] = field(default_factory=dict)
    """Hash over the row digests of each change."""
    submissions: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Version of the list and hash over the revisions of each submission."""
    gaps: list[int] = field(default_factory=list)
    """Changes whose number does not follow the one before."""
    is_head_there: bool = False
    """Whether the events include the head written down earlier."""

    def check(self, connection: Connection, exported_head: str | None) -> Iterator[str]:
        """Yields errors in words.

        A chain cannot show that its tail was cut off, so it is compared with the ledger and, where one is
        given, with a head that was written down earlier and elsewhere.
        """
        self.is_head_there = exported_head in (None, GENESIS)
        try:
            yield from self._check_events(connection, exported_head)
        except (SQLAlchemyError, ValueError, TypeError) as error:
            yield f"An event cannot be read: {type(error).__name__}."
        yield from self._compare_ledger(connection)
        if not self.is_head_there:
            yield "The head written down earlier is not in the record: it was cut off or rewritten."

    def _check_events(self, connection: Connection, exported_head: str | None) -> Iterator[str]:
        query = select(AUDIT_EVENT).order_by(AUDIT_EVENT.c.id).execution_options(yield_per=1_000)
        for event in connection.execute(query):
            if event.previous != self.previous:
                yield f"Event {event.id} does not follow the one before it: an event was removed or put in."
            if event_hash(event.previous, event) != event.hash:
                yield f"Event {event.id} is not what was recorded: its hash does not fit its content."
            self._follow(event)
            self.is_head_there = self.is_head_there or event.hash == exported_head

    def _follow(self, event: Any) -> None:
        if event.action == BEGUN:
            self.digests, self.gaps = {}, []
        elif event.seq not in (self.seq, self.seq + 1):
            self.gaps.append(event.seq)
        self.previous, self.seq = event.hash, event.seq
        if DIGESTS in event.data or ROWS in event.data:
            with suppress(ValueError, TypeError, AttributeError):  # its hash does not fit it either
                self._read_data(event, json.loads(event.data))

    def _read_data(self, event: Any, facts: Mapping[str, Any]) -> None:
        if facts.get(DIGESTS) is not None:
            self.digests[event.seq] = facts[DIGESTS]
        submission = event.subject if event.subject_kind == "submission" else facts.get("submission")
        if facts.get(ROWS) is not None and submission is not None:
            self.submissions[int(submission)] = (facts.get(ROWS_VERSION, 1), facts[ROWS])

    def _compare_ledger(self, connection: Connection) -> Iterator[str]:
        rows = connection.execute(select(LEDGER.c.id, LEDGER.c.seq, LEDGER.c.head)).all()
        if [row.id for row in rows] != [1]:
            yield "The ledger is not one row of number 1."
        for row in rows:
            if row.head != self.previous:
                yield "The last event is not the one the ledger names: the end of the record was cut off."
            if row.seq != self.seq:
                yield f"The ledger's number is {row.seq}, and the last change recorded is {self.seq}."
        for seq in self.gaps:
            yield f"Change {seq} does not follow the number before it."
