"""Both versions asked in turn, case by case. What the other one cannot do is skipped, and said."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.benchmarks import growth, workbook
from tests.benchmarks.against.stages import How, Stage, grown, of_workbooks, plain, plain_names
from tests.benchmarks.against.verdict import Comparison, Spread, Weight, spread
from tests.benchmarks.against.version import Version
from tests.benchmarks.turns import Run

TROUBLE = (RuntimeError, LookupError, ValueError, OSError, EOFError)
"""What the other version's answers may come to: any status, any shape, or none at all."""
Opened = Callable[[Version, Path, How], AbstractContextManager[Stage]]


@dataclass
class Found:
    comparisons: list[Comparison] = field(default_factory=list)
    weights: list[Weight] = field(default_factory=list)


def measure(new: Version, old: Version, directory: Path, only: str, how: How) -> Found:
    found = Found()
    for name, opened in _stages(only).items():
        with ExitStack() as held:
            places = {version.name: directory / f"{name}-{version.name}" for version in (new, old)}
            ours = held.enter_context(opened(new, places[new.name], how))
            theirs, why = _others(held, partial(opened, old, places[old.name], how))
            for comparison in compared(ours, theirs, why, only, how.rounds):
                print(tell_at_once(comparison), flush=True)
                found.comparisons.append(comparison)
            found.weights += _weighed(ours, theirs)
    return found


def tell_at_once(comparison: Comparison) -> str:
    if comparison.ratio is None:
        return f"{comparison.title}: {comparison.skipped}"
    return f"{comparison.title}: {comparison.ratio:.3f} {comparison.verdict.value}".rstrip()


def _stages(only: str) -> dict[str, Opened]:
    """Those that have a case that was asked for."""
    every: dict[str, tuple[list[str], Opened]] = {
        "plain": (plain_names(), plain),
        "workbook": ([workbook.NAME], of_workbooks),
        **{kind: (growth.names(kind), partial(grown, kind)) for kind in (growth.SQLITE, growth.POSTGRES)},
    }
    return {
        stage: opened
        for stage, (names, opened) in every.items()
        if any(name.startswith(only) for name in names)
    }


def _others(held: ExitStack, opened: Callable[[], AbstractContextManager[Stage]]) -> tuple[Stage, str]:
    try:
        return held.enter_context(opened()), "it has no such case"
    except TROUBLE as trouble:
        return Stage({}), _words(trouble)


def compared(ours: Stage, theirs: Stage, why: str, only: str, rounds: int) -> Iterator[Comparison]:
    for name, (title, run) in ours.cases.items():
        if name.startswith(only):
            _, their_run = theirs.cases.get(name, ("", None))
            other = Asked(their_run, why)
            new = _in_turn(run, other, rounds)
            yield Comparison(name, title, new, other.spread, "" if other.run else other.trouble)


@dataclass
class Asked:
    """The other version's turns at a case, up to the first that it cannot do."""

    run: Run | None
    trouble: str
    """Why there is no `run`."""
    rates: list[float] = field(default_factory=list)

    def turn(self, number: int) -> None:
        if self.run is None:
            return
        try:
            self.rates.append(self.run(number).rate)
        except TROUBLE as trouble:
            self.run, self.trouble = None, _words(trouble)

    @property
    def spread(self) -> Spread | None:
        return spread(self.rates) if self.run else None


def _in_turn(new: Run, other: Asked, rounds: int) -> Spread:
    """Who is first changes from round to round, so that neither always finds the machine as the other left it."""
    rates: list[float] = []
    for number in range(rounds):
        if number % 2:
            other.turn(number)
        rates.append(new(number).rate)
        if not number % 2:
            other.turn(number)
    return spread(rates)


def _weighed(ours: Stage, theirs: Stage) -> Iterator[Weight]:
    for title, (weigh, most) in ours.weights.items():
        yield Weight(title, weigh(), _weight(theirs, title), most)


def _weight(stage: Stage, title: str) -> int | None:
    if title not in stage.weights:
        return None
    try:
        return stage.weights[title][0]()
    except TROUBLE:
        return None


def _words(trouble: BaseException) -> str:
    lines = str(trouble).strip().splitlines() or [type(trouble).__name__]
    return f"{lines[0]} {lines[-1] if len(lines) > 1 else ''}".strip()[:300]
