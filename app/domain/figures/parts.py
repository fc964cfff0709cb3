"""Parts of a whole: what a breakdown's parts are parts of, and whether they make it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Family:
    """A whole and its parts along one dimension, each as a breakdown: by name of dimension, the part."""

    dimension: str
    whole: Mapping[str, str]
    parts: tuple[Mapping[str, str], ...]


def families(breakdown: Mapping[str, str], dimensions: Mapping[str, Sequence[str]]) -> Iterator[Family]:
    """Every family that a figure of this breakdown is in, as a part or as the whole.

    Broken down by strand and by age, race under 18 is a part of race and of under 18; race is the whole of its
    ages and a part of all strands.
    """
    for dimension, names in dimensions.items():
        whole = {name: part for name, part in breakdown.items() if name != dimension}
        yield Family(dimension, whole, tuple({**whole, dimension: part} for part in names))


class Fit(StrEnum):
    MAKES = "makes"
    EXCEEDS = "exceeds"
    """Whatever is still to come, the parts are more than the whole already."""
    DIFFERS = "differs"
    """Every part is there, and they come to something else."""
    UNKNOWN = "unknown"


def fit(
    parts: Sequence[Decimal | None], whole: Decimal | None, *, never_negative: bool
) -> tuple[Fit, Decimal]:
    """How parts stand to their whole, and what those that are there come to."""
    known = [part for part in parts if part is not None]
    together = sum(known, Decimal(0))
    if whole is None or not known:
        return Fit.UNKNOWN, together
    if never_negative and together > whole:
        return Fit.EXCEEDS, together
    if len(known) < len(parts):
        return Fit.UNKNOWN, together
    return (Fit.MAKES if together == whole else Fit.DIFFERS), together
