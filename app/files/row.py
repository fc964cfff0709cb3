"""A table's row, cell by cell, made into a figure or into everything that is wrong with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.plan.indicator import Measure
from app.files import cell as cells_
from app.files.cell import CellRefused, is_blank
from app.files.column import BREAKDOWN, TO_FILL, Columns
from app.models.figures import sent_row
from app.models.figures.sent_row import SentRow
from app.models.figures.submission import RowMessage

Measures = Mapping[str, Measure]
"""What each indicator measures, by its code."""
Progress = Callable[[int, int], None]
"""Told how many rows have been read, of how many."""
TOLD_EVERY = 500


@dataclass(slots=True)
class Line:
    """A row as the file has it: where it begins, its cells, and how one of them is named to people."""

    number: int
    cells: Sequence[object]
    address: Callable[[int], str] | None = None


@dataclass(slots=True)
class Table:
    """Rows read, and how many of a template were left as they were given out."""

    rows: list[SentRow] = field(default_factory=list)
    left_empty: int = 0


def table(
    columns: Columns, lines: Iterable[Line], measures: Measures, progress: Callable[[int], None]
) -> Table:
    """Every line that is not blank. Raises for none, and for too many."""
    made = Table()
    for line in lines:
        if all(is_blank(cell) for cell in line.cells):
            continue
        if columns.is_template and _is_left_empty(columns, line.cells):
            made.left_empty += 1
            continue
        sent_row.count(len(made.rows) + 1)
        made.rows.append(_row(len(made.rows) + 1, columns, line, measures))
        if len(made.rows) % TOLD_EVERY == 0:
            progress(len(made.rows))
    sent_row.some(made.rows)
    return made


def _is_left_empty(columns: Columns, cells: Sequence[object]) -> bool:
    filled = (cells[place] for place, name in columns.taken if name in TO_FILL and place < len(cells))
    return all(is_blank(cell) for cell in filled)


def _row(number: int, columns: Columns, line: Line, measures: Measures) -> SentRow:
    item, errors = _item(columns, line, measures)
    errors += _without_column(columns, line)
    row = sent_row.made(number, item, line.number)
    said = {error["field"] for error in errors}
    row.errors = [*errors, *(error for error in row.errors if error["field"] not in said)]
    if errors:
        row.figure = None
    row.indicator, row.period = item.get("indicator"), item.get("period")
    return row


def _item(columns: Columns, line: Line, measures: Measures) -> tuple[dict[str, Any], list[RowMessage]]:
    item: dict[str, Any] = {}
    errors: list[RowMessage] = []
    measure = _measure(columns, line.cells, measures)
    for place, name in columns.taken:
        cell = line.cells[place] if place < len(line.cells) else ""
        if is_blank(cell):
            continue
        try:
            value = cells_.read(name, cell, measure)
        except CellRefused as refused:
            errors.append(_message(name, refused, line, place))
            continue
        if name.startswith(BREAKDOWN):
            item.setdefault("breakdown", {})[name.removeprefix(BREAKDOWN)] = value
        else:
            item[name] = value
    return item, errors


def _measure(columns: Columns, cells: Sequence[object], measures: Measures) -> Measure | None:
    place = next(place for place, name in columns.taken if name == "indicator")
    code = cells[place] if place < len(cells) else ""
    return measures.get(code.strip()) if isinstance(code, str) else None


def _message(name: str, refused: CellRefused, line: Line, place: int) -> RowMessage:
    where = f"Cell {line.address(place)}: " if line.address is not None else ""
    text = refused.message[0].lower() + refused.message[1:] if where else refused.message
    return RowMessage(field=name, code=refused.code, message=where + text)


def _without_column(columns: Columns, line: Line) -> list[RowMessage]:
    """Something written beside the table would otherwise be lost without a word."""
    places = [*sorted(columns.unnamed), *range(columns.width, len(line.cells))]
    odd = next((each for each in places if each < len(line.cells) and not is_blank(line.cells[each])), None)
    if odd is None:
        return []
    where = f": cell {line.address(odd)}" if line.address is not None else ": one of them"
    text = f"There are more cells than columns{where} stands under no heading. Empty it, or name its column."
    return [RowMessage(field=None, code="too_many_cells", message=text)]
