"""The cases, as the figures asked of the service name them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from tests.benchmarks import crowd
from tests.benchmarks.change import ELSEWHERE
from tests.benchmarks.contest import FLOOR, ORM, SERVICE, Result, contest
from tests.benchmarks.turns import CHANGED, POSTED, READ, Changed, Contender, Turns, bodies


@dataclass(frozen=True)
class Bench:
    contenders: Mapping[str, Contender]
    wrk: str | None
    rounds: int
    seconds: int

    def cases(self) -> dict[str, Callable[[], Result]]:
        """Everything measured, by name, in order."""
        made: dict[str, Callable[[], Result]] = {}
        for what, title in READ.items():
            made[f"{what}-warm"] = partial(self._warm, what, title)
            made[f"{what}-304"] = partial(self._not_modified, what, title)
            for each in CHANGED:
                made[f"{what}-{each.suffix}"] = partial(self._changed, what, title, each)
        made["crowd"] = self._crowd
        made["post"] = self._posted
        return made

    def _crowd(self) -> Result:
        service = self.contenders[SERVICE]
        return crowd.measure(service.url, service.paths["scorecard"], service.headers, self.rounds)

    def _posted(self) -> Result:
        sent = bodies(self.rounds)
        runs = {name: self._turns(name).post(sent) for name in (SERVICE, FLOOR, ORM)}
        return contest("post", POSTED, runs, rounds=self.rounds, least=0.06)

    def _warm(self, what: str, title: str) -> Result:
        runs = {name: self._turns(name).warm(what) for name in (SERVICE, FLOOR, ORM)}
        floor = self.contenders[FLOOR]
        kept = replace(floor, paths={name: f"/kept{path}" for name, path in floor.paths.items()})
        runs["kept floor"] = Turns(kept, self.wrk, self.seconds).warm(what)
        return contest(f"{what}-warm", f"{title}, warm", runs, rounds=self.rounds, least=0.5)

    def _not_modified(self, what: str, title: str) -> Result:
        runs = {name: self._turns(name).not_modified(what) for name in (SERVICE, FLOOR)}
        return contest(f"{what}-304", f"{title}, not modified", runs, rounds=self.rounds, least=0.5)

    def _changed(self, what: str, title: str, each: Changed) -> Result:
        runs = {
            SERVICE: self._turns(SERVICE).changed(what, each.statements, each.connections),
            FLOOR: self._turns(FLOOR).changed(what, ELSEWHERE, each.connections),
        }
        name, said = f"{what}-{each.suffix}", f"{title}, {each.words}"
        return contest(name, said, runs, rounds=self.rounds, least=each.least)

    def _turns(self, name: str) -> Turns:
        return Turns(self.contenders[name], self.wrk, self.seconds)
