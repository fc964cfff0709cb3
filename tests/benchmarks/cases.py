"""The cases, as the figures asked of the service name them."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from tests.benchmarks import crowd
from tests.benchmarks.change import ALL, ELSEWHERE, ONE, changes
from tests.benchmarks.contest import FLOOR, ORM, SERVICE, Result, contest
from tests.benchmarks.load import Answer, Load, ask_once, keep_asking, request_bytes, send_each
from tests.benchmarks.stock import POST_WARDS, indicators
from tests.benchmarks.wrk import flood
from tests.stocked import months, ward

CONNECTIONS = 16
ROWS = 1_000
POSTS_A_ROUND = 8
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Contender:
    """Where somebody answers, and the database behind it."""

    url: str
    database_url: str
    headers: Mapping[str, str]
    paths: Mapping[str, str]
    """Of the scorecard, the series, and posting figures."""

    def address(self, what: str) -> str:
        return self.url + self.paths[what]

    def ask(self, what: str) -> Answer:
        return ask_once(self.address(what), dict(self.headers))


@dataclass(frozen=True)
class Bench:
    contenders: Mapping[str, Contender]
    wrk: str | None
    rounds: int
    seconds: int

    def cases(self) -> dict[str, Callable[[], Result]]:
        """Everything measured, by name, in order."""
        made: dict[str, Callable[[], Result]] = {}
        for what, title in (("scorecard", "Scorecard of 60 indicators"), ("series", "Series of 72 points")):
            made[f"{what}-warm"] = partial(self._warm, what, title)
            made[f"{what}-304"] = partial(self._not_modified, what, title)
            for suffix, words, statements, least, connections in (
                ("uncached", "a change elsewhere before each", ELSEWHERE, 0.08, CONNECTIONS),
                ("one-changed", "one indicator changed before each", ONE, None, CONNECTIONS),
                ("all-changed", "every indicator changed before each", ALL, None, 1),
            ):
                name, said = f"{what}-{suffix}", f"{title}, {words}"
                made[name] = partial(self._changed, name, said, what, statements, least, connections)
        made["crowd"] = self._crowd
        made["post"] = self._posted
        return made

    def _crowd(self) -> Result:
        service = self.contenders[SERVICE]
        return crowd.measure(service.url, service.paths["scorecard"], service.headers, self.rounds)

    def _posted(self) -> Result:
        bodies = list(_bodies(self.rounds * POSTS_A_ROUND))
        runs = {name: partial(self._post, name, bodies) for name in (SERVICE, FLOOR, ORM)}
        return contest("post", f"{ROWS:,} figures posted in one call", runs, rounds=self.rounds, least=0.06)

    def _warm(self, what: str, title: str) -> Result:
        runs = {name: self._flood(name, what, {}, 200) for name in (SERVICE, FLOOR, ORM)}
        kept = self.contenders[FLOOR].url + "/kept" + self.contenders[FLOOR].paths[what]
        runs["kept floor"] = partial(self._wrk, kept, {}, 200)
        return contest(f"{what}-warm", f"{title}, warm", runs, rounds=self.rounds, least=0.5)

    def _not_modified(self, what: str, title: str) -> Result:
        runs = {}
        for name in (SERVICE, FLOOR):
            etag = self.contenders[name].ask(what).headers["etag"]
            runs[name] = self._flood(name, what, {"If-None-Match": etag}, 304)
        return contest(f"{what}-304", f"{title}, not modified", runs, rounds=self.rounds, least=0.5)

    def _changed(
        self,
        name: str,
        title: str,
        what: str,
        statements: tuple[str, ...],
        least: float | None,
        connections: int,
    ) -> Result:
        runs = {
            SERVICE: self._asking(SERVICE, what, statements, connections),
            FLOOR: self._asking(FLOOR, what, ELSEWHERE, connections),
        }
        return contest(name, title, runs, rounds=self.rounds, least=least)

    def _flood(self, name: str, what: str, headers: dict[str, str], status: int) -> Callable[[int], Load]:
        contender = self.contenders[name]
        return partial(self._wrk, contender.address(what), {**contender.headers, **headers}, status)

    def _wrk(self, url: str, headers: dict[str, str], status: int, _round: int) -> Load:
        expected = ask_once(url, headers).status
        if expected != status:
            raise RuntimeError(f"expected {status} from {url}, got {expected}")
        return flood(self.wrk, url, headers, seconds=self.seconds, connections=CONNECTIONS, status=status)

    def _asking(
        self, name: str, what: str, statements: tuple[str, ...], connections: int
    ) -> Callable[[int], Load]:
        contender = self.contenders[name]

        def ask(_round: int) -> Load:
            with changes(contender.database_url, statements) as change:
                return keep_asking(
                    contender.address(what),
                    dict(contender.headers),
                    seconds=self.seconds,
                    connections=connections,
                    status=200,
                    before=change,
                )

        return ask

    def _post(self, name: str, bodies: list[bytes], number: int) -> Load:
        contender = self.contenders[name]
        url = contender.address("figures")
        first = number * POSTS_A_ROUND
        requests = [
            request_bytes(
                url, {**contender.headers, **JSON, "Idempotency-Key": f"bench-{first + n}"}, "POST", body
            )
            for n, body in enumerate(bodies[first : first + POSTS_A_ROUND])
        ]
        return send_each(url, requests, 201)


def _bodies(many: int) -> Iterator[bytes]:
    """Figures nobody has yet: fifty months of twenty counts of a ward, and so on."""
    codes = [
        each["code"] for each in indicators() if each["code"].startswith("count") and "window" not in each
    ]
    periods = months(ROWS // 20)
    sent = 0
    for number in POST_WARDS:
        for first in range(0, len(codes) - 19, 20):
            rows = [
                {"indicator": code, "period": period, "area": ward(number), "value": 40 + (n * 7) % 30}
                for code in codes[first : first + 20]
                for n, period in enumerate(periods)
            ]
            yield json.dumps({"figures": rows}).encode()
            sent += 1
            if sent == many:
                return
