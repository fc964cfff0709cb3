"""Names that the rows of a file may use: codes of indicators and areas, and what people call them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from app.domain.plan.indicator import Measure

MOST_SUGGESTED = 3
MOST_LOOKED_UP = 20
"""Unknown names for which a similar one is searched: that is slow, and a file may have very many."""

Names = Mapping[str, tuple[str, ...]]
"""By folded name or title: the codes of all that have it."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`measures` has each indicator's measure by code. Titles and area names are folded by `fold`."""

    measures: Mapping[str, Measure] = field(default_factory=dict)
    titles: Names = field(default_factory=dict)
    area_codes: frozenset[str] = frozenset()
    area_names: Names = field(default_factory=dict)
    _similar: dict[str, str] = field(default_factory=dict, compare=False)

    def similar_title(self, title: str) -> str:
        """The title that is most like the given one, folded; empty if none is."""
        if title not in self._similar and len(self._similar) < MOST_LOOKED_UP:
            close = get_close_matches(title[:200], self.titles, n=1)
            self._similar[title] = close[0] if close else ""
        return self._similar.get(title, "")


def fold(name: str) -> str:
    return " ".join(name.casefold().split())


def names_of(pairs: Iterable[tuple[str, str]]) -> Names:
    """Codes by folded name, from pairs of code and name."""
    codes: dict[str, tuple[str, ...]] = {}
    for code, name in pairs:
        codes[fold(name)] = (*codes.get(fold(name), ()), code)
    return codes
