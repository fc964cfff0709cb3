"""What is done to one contender in its turn."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from itertools import islice

from tests.benchmarks.change import ALL, ELSEWHERE, ONE, changes
from tests.benchmarks.load import Answer, Load, ask_once, keep_asking, request_bytes, send_each
from tests.benchmarks.stock import POST_WARDS, indicators
from tests.benchmarks.wrk import flood
from tests.stocked import months, ward

API = "/api/v1"
PATHS = {
    "scorecard": f"{API}/indicators",
    "series": f"{API}/indicators/count-01/series?from=2011-12/2011-12",
    "figures": f"{API}/figures",
}
"""Seventy-two months to November 2017; the rest is as long as it is."""
CONNECTIONS = 16
ROWS = 1_000
POSTS_A_ROUND = 8
MOST_ROUNDS = len(POST_WARDS) * 2 // POSTS_A_ROUND
"""As a ward takes two posts of figures that nobody has yet."""
JSON = {"Content-Type": "application/json"}
READ = {"scorecard": "Scorecard of 60 indicators", "series": "Series of 72 points"}
POSTED = f"{ROWS:,} figures posted in one call"

Statements = tuple[str, ...]
Run = Callable[[int], Load]
"""One turn; it gets the round's number."""
Changes = Callable[[str, Statements], AbstractContextManager[Callable[[], None]]]
"""As `change.changes`."""


@dataclass(frozen=True)
class Changed:
    """What changes before each request, of how many connections; and how much of the floor's rate is asked."""

    suffix: str
    words: str
    statements: Statements
    least: float | None
    connections: int = CONNECTIONS


CHANGED = (
    Changed("uncached", "a change elsewhere before each", ELSEWHERE, 0.08),
    Changed("one-changed", "one indicator changed before each", ONE, None),
    Changed("all-changed", "every indicator changed before each", ALL, None, 1),
)


@dataclass(frozen=True)
class Contender:
    """Where somebody answers, the database behind it, and how that is changed behind its back."""

    url: str
    database_url: str
    headers: Mapping[str, str]
    paths: Mapping[str, str]
    """Of the scorecard, the series, and posting figures."""
    changes: Changes = changes

    def address(self, what: str) -> str:
        return self.url + self.paths[what]

    def ask(self, what: str) -> Answer:
        return ask_once(self.address(what), dict(self.headers))


@dataclass(frozen=True)
class Turns:
    contender: Contender
    wrk: str | None
    seconds: int

    def warm(self, what: str) -> Run:
        return partial(self._flood, what, {}, 200)

    def not_modified(self, what: str) -> Run:
        def run(number: int) -> Load:
            etag = self.contender.ask(what).headers["etag"]
            return self._flood(what, {"If-None-Match": etag}, 304, number)

        return run

    def changed(self, what: str, statements: Statements, connections: int) -> Run:
        contender = self.contender

        def run(_round: int) -> Load:
            with contender.changes(contender.database_url, statements) as change:
                return keep_asking(
                    contender.address(what),
                    dict(contender.headers),
                    seconds=self.seconds,
                    connections=connections,
                    status=200,
                    before=change,
                )

        return run

    def post(self, bodies: list[bytes]) -> Run:
        url = self.contender.address("figures")

        def run(number: int) -> Load:
            first = number * POSTS_A_ROUND
            requests = [
                request_bytes(
                    url,
                    {**self.contender.headers, **JSON, "Idempotency-Key": f"bench-{first + n}"},
                    "POST",
                    body,
                )
                for n, body in enumerate(bodies[first : first + POSTS_A_ROUND])
            ]
            return send_each(url, requests, 201)

        return run

    def _flood(self, what: str, more: dict[str, str], status: int, _round: int) -> Load:
        url, headers = self.contender.address(what), {**self.contender.headers, **more}
        found = ask_once(url, headers).status
        if found != status:
            raise RuntimeError(f"expected {status} from {url}, got {found}")
        return flood(self.wrk, url, headers, seconds=self.seconds, connections=CONNECTIONS, status=status)


def bodies(rounds: int) -> list[bytes]:
    """Figures nobody has yet: fifty months of twenty counts of a ward, and so on."""
    return list(islice(_bodies(), rounds * POSTS_A_ROUND))


def _bodies() -> Iterator[bytes]:
    codes = [
        each["code"] for each in indicators() if each["code"].startswith("count") and "window" not in each
    ]
    periods = months(ROWS // 20)
    for number in POST_WARDS:
        for first in range(0, len(codes) - 19, 20):
            rows = [
                {"indicator": code, "period": period, "area": ward(number), "value": 40 + (n * 7) % 30}
                for code in codes[first : first + 20]
                for n, period in enumerate(periods)
            ]
            yield json.dumps({"figures": rows}).encode()
