"""The heading line of a table of figures: which column is which, and what is wrong with a name."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from app.domain.errors import FileRefused
from app.models.figures.figure import FigureIn, FigureOut
from app.models.finding import shown

REQUIRED = ("indicator", "period")
BREAKDOWN = "breakdown."
TEMPLATE_ONLY = ("unit", "last_period", "last_year")
"""Columns of a template that tell the person who fills it in what they need to know."""
TO_FILL = tuple(
    name for name in FigureIn.model_fields if name not in ("indicator", "period", "area", "breakdown")
)
TOLD_ONLY = (set(FigureOut.__annotations__) - set(FigureIn.model_fields)) | set(TEMPLATE_ONLY)
"""Columns that a list of figures or a template gives and that mean nothing going in: they may come back untouched."""
KNOWN = frozenset(set(FigureIn.model_fields) - {"breakdown"} | TOLD_ONLY)
LIKELY = tuple(name for name in FigureIn.model_fields if name != "breakdown")
LONGEST_NAME = 80
MOST_LOOKED_AT = 50
"""Names compared with the known ones: a file may have very many."""
OTHER_NAMES = {
    "code": "indicator",
    "indicator code": "indicator",
    "measure": "indicator",
    "quarter": "period",
    "date": "period",
    "figure": "value",
    "number": "value",
    "count": "value",
    "comment": "note",
    "comments": "note",
    "notes": "note",
    "due": "expected_on",
}
"""What people call a column, where that is not merely misspelt."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each named column stands, counting from 0; those that are only told are left out."""

    taken: tuple[tuple[int, str], ...]
    unnamed: frozenset[int]
    width: int
    is_template: bool
    """Rows in which nothing was filled in are then still owed, rather than wrong."""


def columns(header: Sequence[str]) -> Columns:
    """Refuses a heading line with an unknown, repeated or missing name, saying what was probably meant."""
    names = [name.strip() for name in header]
    _repeated(names)
    _missing(names)
    _unknown(names)
    return Columns(
        taken=tuple(
            (place, name) for place, name in enumerate(names) if name != "" and name not in TOLD_ONLY
        ),
        unnamed=frozenset(place for place, name in enumerate(names) if name == ""),
        width=len(names),
        is_template="last_period" in names,
    )


def nearest(name: str) -> str | None:
    """The column's name that somebody's own name for it comes nearest to."""
    folded = name[:LONGEST_NAME].strip().casefold()
    meant = OTHER_NAMES.get(folded)
    if meant is None:
        close = get_close_matches(folded.replace(" ", "_"), LIKELY, n=1, cutoff=0.6)
        meant = close[0] if close else next((each for each in LIKELY if folded.startswith(each)), None)
    return meant


def is_known(name: str) -> bool:
    return name in KNOWN or name.startswith(BREAKDOWN)


def _repeated(names: Iterable[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1 and name]
    if twice:
        text = f"The column “{shown(min(twice))}” stands twice. Keep one of them."
        raise FileRefused("column_twice", text)


def _missing(names: Sequence[str]) -> None:
    for name in REQUIRED:
        if name in names:
            continue
        odd = [each for each in names if each and not is_known(each)][:MOST_LOOKED_AT]
        renamed = next((each for each in odd if nearest(each) == name), None)
        meant = f" Is “{shown(renamed)}” meant? Name it “{name}”." if renamed else ""
        raise FileRefused("column_required", f"The column “{name}” is missing from the heading line.{meant}")


def _unknown(names: Iterable[str]) -> None:
    for name in names:
        if name and not is_known(name):
            near = nearest(name)
            meant = f" Did you mean “{near}”?" if near else ""
            raise FileRefused(
                "unknown_column",
                f"There is no column “{shown(name)}”.{meant} Expected: {', '.join(LIKELY)}; breakdown.NAME.",
            )
