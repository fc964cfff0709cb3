"""Converts the document's groups and short forms to figures, each with its history."""

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
    """A figure at one time: its content columns, with the day and reason of the change."""

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
        """Columns that must differ for one state to be a revision of another."""
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
    """One figure: its identity, and its states oldest first. `path` leads to its line."""

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
    """ "strand=race", dimensions in alphabetical order, joined by semicolons; empty for the total."""
    return ";".join(f"{dimension}={breakdown[dimension]}" for dimension in sorted(breakdown))


def histories(document: PlanDocument) -> Iterator[History]:
    """Yields every figure of the document."""
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
    """State with the columns that a group sets for all its figures, and no value yet."""
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
    own: dict[str, Any] = {name: cell for name in SHARED if (cell := getattr(row, name)) is not None}
    for name in ("status", "qualifier"):
        if name in own:
            own[name] = own[name].value
    return replace(
        shared,
        **own,
        value=row.value,
        numerator=row.numerator,
        denominator=row.denominator,
        missing=row.missing.value if row.missing else None,
        expected_on=row.expected_on,
        recorded_on=row.recorded_on or shared.recorded_on,
        reason=row.reason or shared.reason,
    )
