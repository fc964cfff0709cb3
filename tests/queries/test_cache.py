"""A cache gives a value only for the version it was computed from, computes once for a crowd, and keeps its room."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

from app.queries.cache import ENTRY_BYTES, ItemCache

SPACE = ("squares", 1)


def squares(keys: list[int]) -> Iterator[tuple[int, bytes]]:
    return ((key, str(key * key).encode()) for key in keys)


def in_threads(work: Callable[[int], object]) -> None:
    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def nothing(keys: list[int]) -> Iterator[tuple[int, bytes]]:
    raise AssertionError(f"{keys} were to be had")


def test_only_what_is_missing_or_of_another_version_is_computed() -> None:
    cache = ItemCache(100_000)
    asked: list[list[int]] = []

    def compute(keys: list[int]) -> Iterator[tuple[int, bytes]]:
        asked.append(keys)
        return squares(keys)

    assert cache.get_many(SPACE, {1: "a", 2: "a"}, compute) == {1: b"1", 2: b"4"}
    assert cache.get_many(SPACE, {1: "a", 2: "b", 3: "a"}, compute) == {1: b"1", 2: b"4", 3: b"9"}
    assert asked == [[1, 2], [2, 3]]
    assert cache.get_many(SPACE, {1: "a", 2: "b", 3: "a"}, nothing) == {1: b"1", 2: b"4", 3: b"9"}


def test_an_older_snapshot_gets_what_it_would_have_read() -> None:
    cache = ItemCache(100_000)
    assert cache.get(SPACE, 1, 2, lambda: "of the newer") == "of the newer"
    assert cache.get(SPACE, 1, 1, lambda: "of the older") == "of the older"
    assert cache.get(SPACE, 1, 2, lambda: "of the newer again") == "of the newer again"


def test_spaces_are_apart() -> None:
    cache = ItemCache(100_000)
    assert cache.get(("a", 1), 1, 1, lambda: "mine") == "mine"
    assert cache.get(("a", 2), 1, 1, lambda: "yours") == "yours"


def test_what_was_used_least_recently_goes_first() -> None:
    cache = ItemCache(3 * (ENTRY_BYTES + 1))
    cache.get_many(SPACE, {1: 0, 2: 0, 3: 0}, squares)
    cache.get_many(SPACE, {1: 0}, nothing)
    cache.get_many(SPACE, {0: 0}, squares)
    cache.get_many(SPACE, {1: 0, 3: 0, 0: 0}, nothing)
    assert cache.peek(SPACE, 2) is None
    assert cache.size == 3 * (ENTRY_BYTES + 1)


def test_a_value_larger_than_the_room_pushes_nothing_out() -> None:
    cache = ItemCache(2_000)
    cache.get_many(SPACE, {1: 0}, squares)
    assert len(cache.get(SPACE, "large", 0, lambda: b"x" * 2_000)) == 2_000
    cache.get_many(SPACE, {1: 0}, nothing)
    assert ItemCache(0).get(SPACE, 1, 0, lambda: b"") == b""


def test_eight_threads_each_get_the_version_they_ask_for() -> None:
    """Versions go up as the ledger's numbers do; each thread asks for the newest it has seen."""
    cache = ItemCache(1_000_000)
    newest = dict.fromkeys(range(20), 0)
    wrong: list[object] = []

    def ask(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(300):
            key = chance.randrange(20)
            if chance.random() < 0.2:
                newest[key] += 1
            versions = {each: newest[each] for each in chance.sample(range(20), 5)}

            def compute(keys: list[int], of: dict[int, int] = versions) -> Iterator[tuple[int, bytes]]:
                return ((each, str(of[each]).encode()) for each in keys)

            values = cache.get_many(SPACE, versions, compute)
            if {each: int(value) for each, value in values.items()} != versions:
                wrong.append((versions, values))

    in_threads(ask)
    assert wrong == []


def test_a_crowd_computes_once() -> None:
    cache = ItemCache(100_000)
    computed: Counter[int] = Counter()

    def compute(keys: list[int]) -> Iterator[tuple[int, bytes]]:
        time.sleep(0.05)
        computed.update(keys)
        return squares(keys)

    in_threads(lambda _: cache.get_many(SPACE, {1: 0, 2: 0}, compute))
    assert computed == {1: 1, 2: 1}
