"""An audit event, and the hash that chains it to the one before."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

GENESIS = "0" * 64
DIGESTS = "row_digests_sha256"
"""Key in an event's data: the hash over the row digests of its change. Data, not a column, so that programs
that know nothing of it find the event's hash right."""


class Hashed(Protocol):
    """Fields of an event that its hash covers."""

    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def partnership_id(self) -> int | None: ...
    @property
    def actor(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def subject_kind(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def data(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Event:
    """An audit event that is not chained yet."""

    seq: int
    at: datetime
    partnership_id: int | None
    actor: str
    action: str
    subject_kind: str
    subject: str
    data: str
    """Canonical JSON of an object."""

    def with_digests(self, digests_hash: str) -> "Event":
        return replace(self, data=canonical({**json.loads(self.data), DIGESTS: digests_hash}))

    def chained(self, previous: str) -> dict[str, Any]:
        """Columns of its row, except the id."""
        at = self.at.astimezone(UTC)  # as it is read back: the hash is over its text
        columns = {name: getattr(self, name) for name in self.__slots__} | {"at": at, "previous": previous}
        return columns | {"hash": event_hash(previous, replace(self, at=at))}


def canonical(data: Any) -> str:
    """Encodes JSON so that its bytes depend on its content alone."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def event_hash(previous: str, event: Hashed) -> str:
    """SHA-256 over the previous hash and every other column, in a fixed order."""
    fields = [
        previous,
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
