"""Answers that are kept while nothing has changed."""

import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any

MOST_KEPT = 12 * 1024 * 1024
LARGEST_KEPT = 2 * 1024 * 1024
BESIDE = 2_000
"""Bytes that an answer's key, headers and facts take."""

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Keepable:
    """What a handler says of an answer that may be kept. `until` is real time, seconds."""

    state: Hashable
    today: date
    etag: bytes
    until: float


@dataclass(frozen=True, slots=True)
class Kept:
    headers: Headers
    body: bytes
    facts: Keepable
    route: Any = None


def _weight(kept: Kept) -> int:
    return len(kept.body) + BESIDE


class Answers:
    """Kept answers, the least recently used going first when they outgrow their room."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[bytes, ...], Kept] = OrderedDict()
        self._size = 0

    def has(self, key: tuple[bytes, ...]) -> bool:
        return key in self._kept

    def get(self, key: tuple[bytes, ...], state: Hashable, today: date) -> Kept | None:
        kept = self._kept.get(key)
        if kept is None:
            return None
        facts = kept.facts
        if facts.state != state or facts.today != today or facts.until < time.time():
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return kept

    def put(self, key: tuple[bytes, ...], kept: Kept) -> None:
        if len(kept.body) > LARGEST_KEPT:
            return
        if key in self._kept:
            self._drop(key)
        self._kept[key] = kept
        self._size += _weight(kept)
        while self._size > MOST_KEPT:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: tuple[bytes, ...]) -> None:
        self._size -= _weight(self._kept.pop(key))
