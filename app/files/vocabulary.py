"""Names that the rows of a file may use: codes of indicators and areas, and what people call them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.domain.plan.indicator import Measure
from app.files.similar_name import SimilarNames

MOST_SUGGESTED = 3

Names = Mapping[str, tuple[str, ...]]
"""By folded name or title: the codes of all that have it."""


@dataclass(frozen=True)
class Vocabulary:
    """`measures` has each indicator's measure by code. Titles and area names are folded by `fold`."""

    measures: Mapping[str, Measure] = field(default_factory=dict)
    titles: Names = field(default_factory=dict)
    area_codes: frozenset[str] = frozenset()
    area_names: Names = field(default_factory=dict)

    @cached_property
    def similar_titles(self) -> SimilarNames:
        return SimilarNames(self.titles)


def fold(name: str) -> str:
    return " ".join(name.casefold().split())


def names_of(pairs: Iterable[tuple[str, str]]) -> Names:
    """Codes by folded name, from pairs of code and name; a code in any case is a name of its own."""
    codes: dict[str, tuple[str, ...]] = {}
    for code, name in pairs:
        for folded in {fold(code), fold(name)}:
            if code not in codes.get(folded, ()):
                codes[folded] = (*codes.get(folded, ()), code)
    return codes
