"""Caches look-ups that precede the read of figures, until a write of anything but figures.

The actor, the partnership, its plans, places, targets, definitions and releases change seldom, figures often. So each
is cached with the ledger's `frame` as its version. Nothing that depends on the clock is cached: expiry of a key and the
day of a release are compared at every read. Refusals are not cached, nor rows that `Database.write_without_seq` writes.
"""

from collections.abc import Callable, Hashable, Sized
from typing import Any, TypeVar

from sqlmodel import Session

from app.db import caches, frame
from app.queries.cache import cache, version

V = TypeVar("V")
ROW_BYTES = 5_000
"""Approximate size of a row as an object."""


def look_up(session: Session, kind: str, key: Hashable, read: Callable[[], V]) -> V:
    """The cached return of `read`, which depends on `key` and the database's frame alone; callers must not change it.

    A write always reads, as its own changes are not in the frame yet. `read` must not call `look_up`: it could
    deadlock.
    """
    if caches(session) is None:
        return read()
    return cache(session, "frame", weight).get(kind, key, version(session, frame(session)), read)


def weight(rows: Any) -> int:
    """Approximate bytes of the cached rows, by their number."""
    return ROW_BYTES * max(1, len(rows)) if isinstance(rows, Sized) else ROW_BYTES
