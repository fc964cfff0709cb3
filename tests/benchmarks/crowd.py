"""Many readers at once, against the same reads one after another; and whoever watches over the service meanwhile."""

import asyncio
from collections.abc import Mapping
from itertools import count, islice

from tests.benchmarks.contest import SERVICE, Result, contest
from tests.benchmarks.load import Load, request_bytes, summary
from tests.faults.crowd import Timed, all_at_once, beside_a_watcher, one_after_another

READERS = 64
TITLE = f"Scorecard, {READERS} readers at once, until the slowest is answered"
ONE_BY_ONE, WATCHER = "one by one", "watcher"
NUMBERS = count(1)
"""In Accept, so that no kept answer serves any of them."""


def measure(url: str, path: str, headers: Mapping[str, str], rounds: int) -> Result:
    """Times are of all the reads: until the slowest was answered; the watcher's are of one look each."""
    watched: list[Load] = []
    address = f"{url}{path}"

    def at_once(_round: int) -> Load:
        crowd, looks = beside_watcher(url, path, headers)
        watched.append(looks)
        return crowd

    def in_turn(_round: int) -> Load:
        answers = asyncio.run(one_after_another(url, _requests(address, headers)))
        return _all(answers, sum(each.seconds for each in answers))

    runs = {SERVICE: at_once, ONE_BY_ONE: in_turn, WATCHER: lambda number: watched[number]}
    return contest("crowd", TITLE, runs, rounds=rounds, against=ONE_BY_ONE, most=2.0)


def beside_watcher(url: str, path: str, headers: Mapping[str, str]) -> tuple[Load, Load]:
    """What the crowd found, and what the watcher did."""
    requests = _requests(f"{url}{path}", headers)
    crowd, looks = asyncio.run(beside_a_watcher(url, all_at_once(url, requests)))
    whole = _all(crowd, max(each.seconds for each in crowd))
    return whole, summary([each.seconds for each in looks], 1)


def _requests(address: str, headers: Mapping[str, str]) -> list[bytes]:
    return [
        request_bytes(address, {**headers, "Accept": f"application/json, */*;q=0.{number:06}"})
        for number in islice(NUMBERS, READERS)
    ]


def _all(answers: list[Timed], seconds: float) -> Load:
    if {each.answer.status for each in answers} != {200}:
        raise RuntimeError(f"expected 200, got {sorted({each.answer.status for each in answers})}")
    return Load(len(answers), len(answers) / seconds, seconds * 1000, seconds * 1000)
