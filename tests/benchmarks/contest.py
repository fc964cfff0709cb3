"""Contenders asked in turn, round after round, so that a busy moment of the machine falls on all of them alike."""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.benchmarks.load import Load

SERVICE, FLOOR, ORM, FEW = "service", "floor", "orm", "few"


@dataclass(frozen=True)
class Result:
    """A case: what each contender did (medians over the rounds), and how the service stands to what it is judged by.

    `ratio` is of rates, the median of the rounds' own, and `spread` the least and the most of them. A `most` is a
    bound from above: of median time, as many times longer.
    """

    name: str
    title: str
    loads: Mapping[str, Load]
    ratio: float
    spread: tuple[float, float]
    least: float | None = None
    most: float | None = None

    @property
    def reached(self) -> bool | None:
        """None where nothing is asked of it."""
        if self.least is not None:
            return self.ratio >= self.least
        return self.ratio <= self.most if self.most is not None else None


@dataclass(frozen=True)
class Size:
    """Something weighed: bytes of memory or on the wire, and the most it may be."""

    name: str
    title: str
    value: int
    most: int | None = None

    @property
    def reached(self) -> bool | None:
        return self.value < self.most if self.most is not None else None


def contest(
    name: str,
    title: str,
    runs: Mapping[str, Callable[[int], Load]],
    *,
    rounds: int,
    against: str = FLOOR,
    least: float | None = None,
    most: float | None = None,
) -> Result:
    """Runs get the round's number. With `most` the ratio is of median times, not of rates."""
    found: dict[str, list[Load]] = {contender: [] for contender in runs}
    for number in range(rounds):
        for contender, run in runs.items():
            found[contender].append(run(number))
    pairs = zip(found[SERVICE], found[against], strict=True)
    ratios = [
        ours.p50_ms / theirs.p50_ms if most is not None else ours.rate / theirs.rate for ours, theirs in pairs
    ]
    loads = {contender: _middle(rounds_of) for contender, rounds_of in found.items()}
    spread = (min(ratios), max(ratios))
    return Result(name, title, loads, statistics.median(ratios), spread, least, most)


def _middle(loads: list[Load]) -> Load:
    return Load(
        sum(load.requests for load in loads),
        statistics.median(load.rate for load in loads),
        statistics.median(load.p50_ms for load in loads),
        statistics.median(load.p99_ms for load in loads),
    )
