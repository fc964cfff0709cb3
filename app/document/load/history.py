"""The document's figures one by one, each with everything it has been, whichever short form they were in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.document.kit.tree import Path
from app.document.shape import DatedValue, EarlierEntry, FigureEntry, FigureGroup, PlanDocument
from app.domain.figures.figure import FigureStatus, Qualifier
from app.domain.period import Period
from app.domain.period_text import parse_period

SHARED = ("status", "qualifier", "sample_size", "margin", "margin_level", "margin_of", "note")


@dataclass(frozen=True, slots=True)
class State:
    """What a figure says at one time: the content columns, and when and why it came to say so."""

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    sample_size: int | None
    margin: Decimal | None
    margin_level: Decimal | None
    margin_of: str | None
    status: str
    qualifier: str
    missing: str | None
    expected_on: date | None
    note: str
    recorded_on: date | None
    reason: str

    def content(self) -> tuple[Any, ...]:
        """What must differ for one state to be a revision of another."""
        return tuple(getattr(self, name) for name in CONTENT)


CONTENT = (
    "value",
    "numerator",
    "denominator",
    "sample_size",
    "margin",
    "margin_level",
    "margin_of",
    "status",
    "qualifier",
    "missing",
    "expected_on",
    "note",
)


@dataclass(frozen=True, slots=True)
class History:
    """One figure: where it belongs, and its states oldest first. `path` leads to its line."""

    indicator: str
    period: Period
    area: str
    breakdown: str
    states: tuple[State, ...]
    path: Path

    @property
    def identity(self) -> tuple[str, str, str, int, int]:
        return (self.indicator, self.area, self.breakdown, self.period.first, self.period.last)


def breakdown_text(breakdown: dict[str, str]) -> str:
    """ "strand=race", dimensions in alphabetical order, joined by semicolons; empty for the whole."""
    return ";".join(f"{dimension}={breakdown[dimension]}" for dimension in sorted(breakdown))


def histories(document: PlanDocument) -> Iterator[History]:
    own = document.partnership.area
    for code, groups in document.figures.items():
        for number, group in enumerate(groups):
            yield from _of_group(code, group, group.area or own, ("figures", code, number))


def _of_group(code: str, group: FigureGroup, area: str, path: Path) -> Iterator[History]:
    breakdown = breakdown_text(group.breakdown)
    shared = _shared(group)
    for text, dated in group.values.items():
        only = (_compact(dated, shared),)
        yield History(code, parse_period(text), area, breakdown, only, (*path, "values", text))
    for number, row in enumerate(group.rows):
        states: tuple[State, ...] = tuple(_state(entry, shared) for entry in (*row.earlier, row))
        if row.earlier:
            states = (replace(states[0], reason=row.earlier[0].reason or ""), *states[1:])
        yield History(code, parse_period(row.period), area, breakdown, states, (*path, "rows", number))


def _shared(group: FigureGroup) -> State:
    """A state with all that a group says for its figures, and no value yet."""
    return State(
        value=None,
        numerator=None,
        denominator=None,
        sample_size=group.sample_size,
        margin=group.margin,
        margin_level=group.margin_level,
        margin_of=group.margin_of,
        status=(group.status or FigureStatus.PROVISIONAL).value,
        qualifier=(group.qualifier or Qualifier.EXACT).value,
        missing=None,
        expected_on=None,
        note=group.note or "",
        recorded_on=group.recorded_on,
        reason=group.reason or "",
    )


def _compact(dated: DatedValue, shared: State) -> State:
    return replace(shared, value=dated.value, recorded_on=dated.recorded_on or shared.recorded_on)


def _state(row: EarlierEntry | FigureEntry, shared: State) -> State:
    said: dict[str, Any] = {name: given for name in SHARED if (given := getattr(row, name)) is not None}
    for name in ("status", "qualifier"):
        if name in said:
            said[name] = said[name].value
    return replace(
        shared,
        **said,
        value=row.value,
        numerator=row.numerator,
        denominator=row.denominator,
        missing=row.missing.value if row.missing else None,
        expected_on=row.expected_on,
        recorded_on=row.recorded_on or shared.recorded_on,
        reason=row.reason or shared.reason,
    )
