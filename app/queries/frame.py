"""What reads look up before they come to figures, kept until a write that is not of figures alone.

Who asks, the partnership, its plans, places, targets, definitions and approvals change seldom, figures all the time.
So each is kept with the ledger's `frame`. Nothing of the clock is kept: whether a key has expired or a release's day
has come is asked of what is kept, at every read. Nothing of a refusal is kept, nor anything that
`Database.write_without_seq` writes.
"""

from collections.abc import Callable, Hashable, Sized
from typing import Any, TypeVar

from sqlmodel import Session

from app.db import caches, frame
from app.queries.cache import cache, version

V = TypeVar("V")
ROW_BYTES = 5_000
"""About what a row takes as an object."""


def look_up(session: Session, kind: str, key: Hashable, read: Callable[[], V]) -> V:
    """The value of `read`, which depends on `key` and on the database's frame alone, and which nobody changes.

    A write reads it anew: what it has changed so far is not in the frame yet. While one is read others may not be:
    `read` looks nothing else up.
    """
    if caches(session) is None:
        return read()
    return cache(session, "frame", weight).get(kind, key, version(session, frame(session)), read)


def weight(value: Any) -> int:
    """In bytes, roughly: by the number of rows."""
    return ROW_BYTES * max(1, len(value)) if isinstance(value, Sized) else ROW_BYTES
