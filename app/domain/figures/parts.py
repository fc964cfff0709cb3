"""Parts of a total: the totals that a breakdown's parts belong to, and whether the parts add up to them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Family:
    """A total and its parts along one dimension. Each is a breakdown: the part, by name of dimension."""

    dimension: str
    total: Mapping[str, str]
    parts: tuple[Mapping[str, str], ...]


def families(breakdown: Mapping[str, str], dimensions: Mapping[str, Sequence[str]]) -> Iterator[Family]:
    """Yields every family that has this breakdown as a part or as its total.

    Broken down by strand and by age, race under 18 is a part of race and of under 18; race is the total of its
    ages and a part of all strands.
    """
    for dimension, names in dimensions.items():
        total = {name: part for name, part in breakdown.items() if name != dimension}
        yield Family(dimension, total, tuple({**total, dimension: part} for part in names))


class Fit(StrEnum):
    MAKES = "makes"
    EXCEEDS = "exceeds"
    """The parts sum to more than the total, even without those missing."""
    DIFFERS = "differs"
    """Every part is there, and their sum differs from the total."""
    UNKNOWN = "unknown"


def fit(
    parts: Sequence[Decimal | None], total: Decimal | None, *, never_negative: bool
) -> tuple[Fit, Decimal]:
    """Compares parts with their total; returns the result and the sum of the parts that are there."""
    present = [part for part in parts if part is not None]
    together = sum(present, Decimal(0))
    if total is None or not present:
        return Fit.UNKNOWN, together
    if never_negative and together > total:
        return Fit.EXCEEDS, together
    if len(present) < len(parts):
        return Fit.UNKNOWN, together
    return (Fit.MAKES if together == total else Fit.DIFFERS), together
