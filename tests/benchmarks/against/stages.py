"""What is measured of one version, in stages: each has a database of its own, and servers that answer from it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks import crowd, growth, workbook
from tests.benchmarks.against.version import Hand, Version
from tests.benchmarks.first_visit import first_visit
from tests.benchmarks.growth import Place
from tests.benchmarks.load import Load
from tests.benchmarks.turns import CHANGED, PATHS, POSTED, READ, Contender, Run, Turns, bodies
from tests.worker import Worker, running

MEMORY = "Peak memory of the server, after {}"
MOST_MEMORY, MOST_FIRST_VISIT = 150_000_000, 100_000


@dataclass(frozen=True)
class How:
    wrk: str | None
    rounds: int
    seconds: int


@dataclass(frozen=True)
class Stage:
    """What there is to be measured of one version, by name; `weights` are taken at the end, with their bounds."""

    cases: dict[str, tuple[str, Run]]
    weights: dict[str, tuple[Callable[[], int], int]] = field(default_factory=dict)


def plain_names() -> list[str]:
    reads = [
        f"{what}-{suffix}" for what in READ for suffix in ("warm", "304", *(each.suffix for each in CHANGED))
    ]
    return [*reads, "crowd", "post"]


@contextmanager
def plain(version: Version, directory: Path, how: How) -> Iterator[Stage]:
    with version.hand("stock", directory) as hand:
        url, token = hand.made["few"], hand.made["token"]
        server = version.server(url, directory / "server.log")
        with running(server):
            contender = Contender(server.url, url, _key(token), PATHS, hand.changes)
            yield Stage(
                plain_cases(contender, how),
                {
                    MEMORY.format("all but workbooks and growth"): (server.peak_memory, MOST_MEMORY),
                    "The plan on a page, first visit, over the wire": (
                        lambda: first_visit(server.url, hand.made["cookie"]),
                        MOST_FIRST_VISIT,
                    ),
                },
            )


@contextmanager
def of_workbooks(version: Version, directory: Path, how: How) -> Iterator[Stage]:
    with version.hand("stock", directory) as hand:
        server = version.server(hand.made["few"], directory / "server.log")
        token = hand.made["token"]
        with running(server):
            before = workbook.settled(server, token)
            yield Stage(
                {workbook.NAME: (workbook.ALONE, workbook.turn(server, token))},
                {workbook.MEMORY: (lambda: server.peak_memory() - before, workbook.MOST_MEMORY)},
            )


@contextmanager
def grown(kind: str, version: Version, directory: Path, how: How) -> Iterator[Stage]:
    with version.hand(kind, directory) as hand:
        few, many = (
            _place(version.server(hand.made[name], directory / f"{name}.log"), hand, name)
            for name in ("few", "many")
        )
        with running(few.worker, many.worker):
            cases = growth.questions(kind, many, how.seconds)
            if kind == growth.SQLITE:
                cases[f"{kind}-{growth.REVISED}"] = (growth.REVISED_TITLE, _revised(few, how.rounds))
            else:
                cases |= growth.lines(few, how.rounds, how.seconds)
            words = MEMORY.format(growth.WORDS[kind])
            yield Stage(cases, {words: (many.worker.peak_memory, MOST_MEMORY)})


def plain_cases(contender: Contender, how: How) -> dict[str, tuple[str, Run]]:
    turns = Turns(contender, how.wrk, how.seconds)
    cases: dict[str, tuple[str, Run]] = {}
    for what, title in READ.items():
        cases[f"{what}-warm"] = (f"{title}, warm", turns.warm(what))
        cases[f"{what}-304"] = (f"{title}, not modified", turns.not_modified(what))
        for each in CHANGED:
            run = turns.changed(what, each.statements, each.connections)
            cases[f"{what}-{each.suffix}"] = (f"{title}, {each.words}", run)
    cases["crowd"] = (crowd.TITLE, lambda _round: _crowd(contender))
    cases["post"] = (POSTED, turns.post(bodies(how.rounds)))
    return cases


def _crowd(contender: Contender) -> Load:
    whole, _ = crowd.beside_watcher(contender.url, contender.paths["scorecard"], contender.headers)
    return whole


def _revised(place: Place, rounds: int) -> Run:
    new, revised = growth.revisions(place, rounds)

    def run(number: int) -> Load:
        new(number)
        return revised(number)

    return run


def _place(worker: Worker, hand: Hand, name: str) -> Place:
    return Place(worker, hand.made[name], hand.made["token"], hand.changes)


def _key(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
