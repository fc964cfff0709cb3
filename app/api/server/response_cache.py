"""LRU cache of encoded responses, each valid until the next change."""

import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any

MOST_BYTES = 12 * 1024 * 1024
LARGEST_BODY = 2 * 1024 * 1024
OVERHEAD = 2_000
"""Bytes of a response's key, headers and facts, roughly."""

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Cacheable:
    """Marks a response as cacheable: the ledger state and day it is valid for, its ETag, and when its credential ends.

    `until` is a real time, in seconds since 1970.
    """

    state: Hashable
    today: date
    etag: bytes
    until: float


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """A 200 response as sent, with the route that made it, which meters count by."""

    headers: Headers
    body: bytes
    facts: Cacheable
    route: Any = None


def _weight(cached: CachedResponse) -> int:
    return len(cached.body) + OVERHEAD


class ResponseCache:
    """LRU cache by caller, path, query and media type, limited to MOST_BYTES."""

    def __init__(self) -> None:
        self._responses: OrderedDict[tuple[bytes, ...], CachedResponse] = OrderedDict()
        self._size = 0

    def has(self, key: tuple[bytes, ...]) -> bool:
        return key in self._responses

    def get(self, key: tuple[bytes, ...], state: Hashable, today: date) -> CachedResponse | None:
        """Finds a response that is valid at this ledger state, day and time; drops one that is not."""
        cached = self._responses.get(key)
        if cached is None:
            return None
        facts = cached.facts
        if facts.state != state or facts.today != today or facts.until < time.time():
            self._drop(key)
            return None
        self._responses.move_to_end(key)
        return cached

    def put(self, key: tuple[bytes, ...], cached: CachedResponse) -> None:
        """Adds a response, and drops the least recently used ones beyond the limit; ignores one too large."""
        if len(cached.body) > LARGEST_BODY:
            return
        if key in self._responses:
            self._drop(key)
        self._responses[key] = cached
        self._size += _weight(cached)
        while self._size > MOST_BYTES:
            self._drop(next(iter(self._responses)))

    def _drop(self, key: tuple[bytes, ...]) -> None:
        self._size -= _weight(self._responses.pop(key))
