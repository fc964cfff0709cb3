"""Reads the heading line of a table of figures, and checks the names of its columns."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from app.domain.errors import FileRefused, RuleBroken
from app.domain.period_text import understand_period
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
BESIDE_PERIODS = frozenset({"indicator", "area", "status", "qualifier", "note", "reason"})
"""Columns that go with a table whose periods stand across: they hold for each of its figures."""
LOOKED_AT = 20
"""Rows from the top that are searched for headings: there may be a title above them."""
LONGEST_NAME = 80
MOST_LOOKED_AT = 50
"""Names compared with the known ones: a file may have very many."""
YEAR_DIGITS = re.compile(r"[0-9]{4}")
MOST_PERIODS = 1_000
"""Columns from the left that may be periods."""
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
    periods: tuple[tuple[int, str], ...] = ()
    """Position and heading of the columns of a table whose periods stand across: each cell is a figure."""


def read_columns(header: Sequence[str]) -> Columns:
    """Reads a heading line; refuses an unknown, repeated or missing name, and suggests the likely one."""
    names = [column_of(name) for name in header]
    periods = _periods_across(names)
    across = {place for place, _ in periods}
    _repeated(names)
    if "indicator" not in names or not periods:
        _missing(names)
    columns = [(place, name) for place, name in enumerate(names) if place not in across]
    _unknown(name for _, name in columns)
    if periods:
        _beside_periods(name for _, name in columns)
    return Columns(
        places=tuple((place, name) for place, name in columns if name != "" and name not in READ_ONLY),
        unnamed=frozenset(place for place, name in enumerate(names) if name == ""),
        width=len(names),
        is_template="last_period" in names,
        periods=periods,
    )


def column_of(heading: str) -> str:
    """The column that a heading names, in any case, with spaces or underscores; else the heading itself."""
    name = " ".join(heading.split())
    folded = name.casefold()
    if folded.startswith(BREAKDOWN):
        return BREAKDOWN + name[len(BREAKDOWN) :]
    plain_name = folded.replace(" ", "_").replace("-", "_")
    return plain_name if plain_name in ACCEPTED else name


def has_headings(header: Sequence[str]) -> bool:
    """Whether a row has the headings of figures: an indicator, and a period or periods across."""
    names = [column_of(name) for name in header]
    return "indicator" in names and ("period" in names or bool(_periods_across(names)))


def likeness(header: Sequence[str]) -> int:
    """Score of a row as headings of figures: 2 for each exact name, 1 for each similar one; 0 without a required."""
    names = [column_of(name) for name in header][:MOST_LOOKED_AT]
    likely_names = [name if is_known(name) else nearest(name) for name in names if name]
    if not set(REQUIRED) & set(likely_names):
        return 0
    return sum(2 if is_known(name) else 1 for name in names if is_known(name) or (name and nearest(name)))


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


def _periods_across(names: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """Position and text of headings that are periods, in a table that has no column for them."""
    if "period" in names or "value" in names:
        return ()
    return tuple(
        (place, name)
        for place, name in enumerate(names[:MOST_PERIODS])
        if any(each.isdigit() for each in name[:LONGEST_NAME]) and _is_period(name)
    )


def _is_period(name: str) -> bool:
    try:
        understand_period(name)
    except RuleBroken:
        return False
    return True


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
        if name == "period" and not renamed:
            suggestion = next(filter(None, map(_unread_period, odd)), "")
        raise FileRefused(
            "column_required", f"The column “{name}” is missing from the heading line.{suggestion}"
        )


def _unread_period(name: str) -> str:
    """What to write for a heading that may be meant for a period: a calendar year."""
    advice = _period_advice(name) if YEAR_DIGITS.search(name[:LONGEST_NAME]) else ""
    return f" The column “{printable_name(name)}” is none.{advice}" if advice else ""


def _unknown(names: Iterable[str]) -> None:
    for name in names:
        if name and not is_known(name):
            near = nearest(name)
            suggestion = f" Did you mean “{near}”?" if near else _period_advice(name)
            raise FileRefused(
                "unknown_column",
                f"There is no column “{printable_name(name)}”.{suggestion} "
                f"Expected: {', '.join(LIKELY)}; breakdown.NAME.",
            )


def _period_advice(name: str) -> str:
    """What to write where a heading seems to be meant for a period."""
    if not name[:1].isdigit() and not any(each.isdigit() for each in name[-2:]):
        return ""
    try:
        period = understand_period(name)
    except RuleBroken as error:
        return f" If it is a period: {error.message}"
    text = "Put the periods in a column “period”, one row for each figure, or leave “period” and “value” out."
    return f" It is a period ({period.label}). {text}"


def _beside_periods(names: Iterable[str]) -> None:
    for name in names:
        if name and name not in READ_ONLY | BESIDE_PERIODS and not name.startswith(BREAKDOWN):
            raise FileRefused(
                "column_beside_periods",
                f"Where periods stand across, each cell under one is a figure, and a column “{name}” cannot be"
                " read. Write one row for each figure, with the columns “period” and “value”.",
            )
