"""Reads a table's rows, cell by cell: each into a figure, or into all its errors."""

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
"""Each indicator's measure, by code."""
Progress = Callable[[int, int], None]
"""Called with the number of rows read, and the total."""
PROGRESS_EVERY = 500


@dataclass(slots=True)
class Line:
    """A row of a file: the line it begins on, its cells, and a function that names one of them for people."""

    number: int
    cells: Sequence[object]
    address: Callable[[int], str] | None = None


@dataclass(slots=True)
class Table:
    """Rows read, and the number of a template's rows that were not filled in."""

    rows: list[SentRow] = field(default_factory=list)
    left_empty: int = 0


def read_table(
    columns: Columns, lines: Iterable[Line], measures: Measures, progress: Callable[[int], None]
) -> Table:
    """Reads every line that is not blank. Raises RuleBroken for none, and for too many."""
    parsed = Table()
    for line in lines:
        if all(is_blank(cell) for cell in line.cells):
            continue
        if columns.is_template and _is_left_empty(columns, line.cells):
            parsed.left_empty += 1
            continue
        sent_row.require_within_row_limit(len(parsed.rows) + 1)
        parsed.rows.append(_row(len(parsed.rows) + 1, columns, line, measures))
        if len(parsed.rows) % PROGRESS_EVERY == 0:
            progress(len(parsed.rows))
    sent_row.require_rows(parsed.rows)
    return parsed


def _is_left_empty(columns: Columns, cells: Sequence[object]) -> bool:
    filled = (cells[place] for place, name in columns.places if name in TO_FILL and place < len(cells))
    return all(is_blank(cell) for cell in filled)


def _row(number: int, columns: Columns, line: Line, measures: Measures) -> SentRow:
    fields, errors = _read_fields(columns, line, measures)
    errors += _without_column(columns, line)
    row = sent_row.parse_row(number, fields, line.number)
    wrong_fields = {error["field"] for error in errors}
    row.errors = [*errors, *(error for error in row.errors if error["field"] not in wrong_fields)]
    if errors:
        row.figure = None
    row.indicator, row.period = fields.get("indicator"), fields.get("period")
    return row


def _read_fields(columns: Columns, line: Line, measures: Measures) -> tuple[dict[str, Any], list[RowMessage]]:
    fields: dict[str, Any] = {}
    errors: list[RowMessage] = []
    measure = _measure(columns, line.cells, measures)
    for place, name in columns.places:
        cell = line.cells[place] if place < len(line.cells) else ""
        if is_blank(cell):
            continue
        try:
            value = cells_.read(name, cell, measure)
        except CellRefused as refused:
            errors.append(_message(name, refused, line, place))
            continue
        if name.startswith(BREAKDOWN):
            fields.setdefault("breakdown", {})[name.removeprefix(BREAKDOWN)] = value
        else:
            fields[name] = value
    return fields, errors


def _measure(columns: Columns, cells: Sequence[object], measures: Measures) -> Measure | None:
    place = next(place for place, name in columns.places if name == "indicator")
    code = cells[place] if place < len(cells) else ""
    return measures.get(code.strip()) if isinstance(code, str) else None


def _message(name: str, refused: CellRefused, line: Line, place: int) -> RowMessage:
    where = f"Cell {line.address(place)}: " if line.address is not None else ""
    text = refused.message[0].lower() + refused.message[1:] if where else refused.message
    return RowMessage(field=name, code=refused.code, message=where + text)


def _without_column(columns: Columns, line: Line) -> list[RowMessage]:
    """Error for a cell under no heading: it would be lost without notice."""
    places = [*sorted(columns.unnamed), *range(columns.width, len(line.cells))]
    odd = next((each for each in places if each < len(line.cells) and not is_blank(line.cells[each])), None)
    if odd is None:
        return []
    where = f": cell {line.address(odd)}" if line.address is not None else ": one of them"
    text = f"There are more cells than columns{where} stands under no heading. Empty it, or name its column."
    return [RowMessage(field=None, code="too_many_cells", message=text)]
