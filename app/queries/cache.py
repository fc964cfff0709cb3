"""LRU caches of computed values; an entry is valid for one version of the inputs it was computed from."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from threading import Lock
from typing import Any, TypeVar, cast

from sqlmodel import Session

from app.db import caches, epoch

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Version = Hashable
ENTRY_BYTES = 500
"""Size of an entry beside its value: its key, its version and its place in the dictionary."""
MB = 1_000_000


class ItemCache:
    """Values by space and key. A space is a kind of value and the partnership it is of.

    One thread at a time computes in a space, so that many threads do not compute the same value: a lock for each key
    would split batch reads, or deadlock. `compute` of one space may read another, always in the same order.
    """

    def __init__(self, capacity: int, weight: Callable[[Any], int] = len) -> None:
        """`capacity` in bytes; `weight` returns those of a value. A capacity of 0 caches nothing.

        None is never cached, so that look-ups of missing rows evict nothing.
        """
        self._capacity = capacity
        self._weight = weight
        self._lock = Lock()
        """Held around the dictionary, never while a value is computed."""
        self._entries: OrderedDict[tuple[Hashable, Hashable], tuple[Version, Any, int]] = OrderedDict()
        self._batches: dict[Hashable, Lock] = {}
        self.size = 0
        """Bytes taken."""

    def get_many(
        self,
        space: Hashable,
        versions: Mapping[K, Version],
        compute: Callable[[list[K]], Iterable[tuple[K, Any]]],
    ) -> dict[K, Any]:
        """Values by key. `versions` are each key's, read in this snapshot; `compute` gets the keys not cached."""
        values = self._hits(space, versions)
        if len(values) == len(versions):
            return values
        with self._batch(space):
            values |= self._hits(space, {key: each for key, each in versions.items() if key not in values})
            missing = [key for key in versions if key not in values]
            for key, value in compute(missing) if missing else ():
                values[key] = value
                self._put((space, key), versions[key], value)
        return values

    def get(self, space: Hashable, key: Hashable, version: Version, compute: Callable[[], V]) -> V:
        """As `get_many`, of one key."""
        return cast(V, self.get_many(space, {key: version}, lambda _: [(key, compute())])[key])

    def peek(self, space: Hashable, key: Hashable) -> tuple[Any, Any] | None:
        """Version and value of a key's entry, valid or not."""
        with self._lock:
            entry = self._entries.get((space, key))
        return entry[:2] if entry is not None else None

    def _hits(self, space: Hashable, versions: Mapping[K, Version]) -> dict[K, Any]:
        values: dict[K, Any] = {}
        entries = self._entries
        with self._lock:
            for key, version in versions.items():
                entry = entries.get((space, key))
                if entry is not None and entry[0] == version:
                    entries.move_to_end((space, key))
                    values[key] = entry[1]
        return values

    def _put(self, place: tuple[Hashable, Hashable], version: Version, value: Any) -> None:
        weight = self._weight(value) + ENTRY_BYTES if value is not None else 0
        with self._lock:
            self._drop(place)
            if value is None or weight > self._capacity:
                return
            self._entries[place] = (version, value, weight)
            self.size += weight
            while self.size > self._capacity:
                self._drop(next(iter(self._entries)))

    def _drop(self, place: tuple[Hashable, Hashable]) -> None:
        entry = self._entries.pop(place, None)
        if entry is not None:
            self.size -= entry[2]

    def _batch(self, space: Hashable) -> Lock:
        with self._lock:
            return self._batches.setdefault(space, Lock())


CAPACITIES = {"scorecard": 8 * MB, "series": 6 * MB, "frame": 6 * MB, "figures": 6 * MB}
"""Bytes each server process may cache, by the cache's name. Values of different size have caches of their own, so
that a few long ones do not evict many short ones."""


def cache(session: Session, name: str, weight: Callable[[Any], int] = len) -> ItemCache:
    """The database's cache of a name; in a write, one without capacity."""
    shared = caches(session)
    if shared is None:
        return ItemCache(0, weight)
    if name not in shared:
        shared.setdefault(name, ItemCache(CAPACITIES[name], weight))
    return cast(ItemCache, shared[name])


def version(session: Session, *inputs: Hashable) -> tuple[Hashable, ...]:
    """Version of a value computed from `inputs`, with the ledger's epoch, as numbers repeat after a restore."""
    return (epoch(session), *inputs)
