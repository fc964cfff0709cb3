"""What two versions' rounds say of a case: which of them is quicker, and whether more than chance says so."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    WORSE = "**worse**"
    BETTER = "better"
    OPEN = ""
    """The spreads overlap, or only one version was measured."""


@dataclass(frozen=True)
class Spread:
    """Rates of one version's rounds, in requests a second."""

    median: float
    least: float
    most: float


def spread(rates: Sequence[float]) -> Spread:
    return Spread(statistics.median(rates), min(rates), max(rates))


@dataclass(frozen=True)
class Comparison:
    """A case, of this version and of the other. `skipped` says why the other has none."""

    name: str
    title: str
    new: Spread
    old: Spread | None
    skipped: str = ""

    @property
    def ratio(self) -> float | None:
        """Of the medians, new to old: 0.9 is nine requests where there were ten."""
        return self.new.median / self.old.median if self.old else None

    @property
    def verdict(self) -> Verdict:
        if self.old is None:
            return Verdict.OPEN
        if self.new.most < self.old.least:
            return Verdict.WORSE
        return Verdict.BETTER if self.new.least > self.old.most else Verdict.OPEN


@dataclass(frozen=True)
class Weight:
    """Bytes, of this version and of the other; `most` bounds this one's."""

    title: str
    new: int
    old: int | None
    most: int

    @property
    def is_over(self) -> bool:
        return self.new >= self.most


def by_chance(rounds: int) -> int:
    """In one of so many cases two versions that are alike seem worse: every round of one below all of the other."""
    return math.comb(2 * rounds, rounds)
