"""Reads the heading line of a table of figures, and checks the names of its columns."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from app.domain.errors import FileRefused
from app.models.figures.figure import FigureIn, FigureOut
from app.models.finding import printable_name

REQUIRED = ("indicator", "period")
BREAKDOWN = "breakdown."
TEMPLATE_ONLY = ("unit", "last_period", "last_year")
"""Columns of a template that inform the person who fills it in."""
TO_FILL = tuple(
    name for name in FigureIn.model_fields if name not in ("indicator", "period", "area", "breakdown")
)
READ_ONLY = (set(FigureOut.__annotations__) - set(FigureIn.model_fields)) | set(TEMPLATE_ONLY)
"""Columns of a list of figures or a template that are ignored when it is sent back."""
ACCEPTED = frozenset(set(FigureIn.model_fields) - {"breakdown"} | READ_ONLY)
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
"""Other names that people give a column, where that is not merely misspelt."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a table. `places` has position, from 0, and name of each, without read-only ones."""

    places: tuple[tuple[int, str], ...]
    unnamed: frozenset[int]
    width: int
    is_template: bool
    """If so, rows in which nothing was filled in are still owed, rather than wrong."""


def read_columns(header: Sequence[str]) -> Columns:
    """Reads a heading line; refuses an unknown, repeated or missing name, and suggests the likely one."""
    names = [name.strip() for name in header]
    _repeated(names)
    _missing(names)
    _unknown(names)
    return Columns(
        places=tuple(
            (place, name) for place, name in enumerate(names) if name != "" and name not in READ_ONLY
        ),
        unnamed=frozenset(place for place, name in enumerate(names) if name == ""),
        width=len(names),
        is_template="last_period" in names,
    )


def nearest(name: str) -> str | None:
    """Name of the column that is most like the given name; None if none is."""
    folded = name[:LONGEST_NAME].strip().casefold()
    likely_name = OTHER_NAMES.get(folded)
    if likely_name is None:
        close = get_close_matches(folded.replace(" ", "_"), LIKELY, n=1, cutoff=0.6)
        likely_name = close[0] if close else next((each for each in LIKELY if folded.startswith(each)), None)
    return likely_name


def is_known(name: str) -> bool:
    return name in ACCEPTED or name.startswith(BREAKDOWN)


def _repeated(names: Iterable[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1 and name]
    if twice:
        text = f"The column “{printable_name(min(twice))}” stands twice. Keep one of them."
        raise FileRefused("column_twice", text)


def _missing(names: Sequence[str]) -> None:
    for name in REQUIRED:
        if name in names:
            continue
        odd = [each for each in names if each and not is_known(each)][:MOST_LOOKED_AT]
        renamed = next((each for each in odd if nearest(each) == name), None)
        suggestion = f" Is “{printable_name(renamed)}” meant? Name it “{name}”." if renamed else ""
        raise FileRefused(
            "column_required", f"The column “{name}” is missing from the heading line.{suggestion}"
        )


def _unknown(names: Iterable[str]) -> None:
    for name in names:
        if name and not is_known(name):
            near = nearest(name)
            suggestion = f" Did you mean “{near}”?" if near else ""
            raise FileRefused(
                "unknown_column",
                f"There is no column “{printable_name(name)}”.{suggestion} "
                f"Expected: {', '.join(LIKELY)}; breakdown.NAME.",
            )
