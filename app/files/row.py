"""Reads a table's rows, cell by cell: each into a figure, or into all its errors."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

from app.domain.figures.row_doubt import DIGITS_OF_A_GROUP
from app.domain.plan.indicator import Measure
from app.files.cell import CellRefused, Reading, Remark, is_blank
from app.files.column import BREAKDOWN, TO_FILL, Columns
from app.files.reader import read
from app.files.vocabulary import Vocabulary
from app.models.figures import sent_row
from app.models.figures.sent_row import SentRow
from app.models.figures.submission import RowMessage, SheetReadOut

Progress = Callable[[int, int], None]
"""Called with the number of rows read, and the total."""
PROGRESS_EVERY = 500
CUT_BEFORE, CUT_AFTER = re.compile(r"-?[0-9]{1,3}"), re.compile(r"[0-9]{1,3}")
"""The parts of a number that is cut in two at its comma."""
HIDDEN_ROW = RowMessage(
    field=None,
    code="hidden_row",
    message="This row is hidden or filtered out, and was not read. Show it and send the file again if it is meant.",
)

PROMISE_KEPT = "The figure was awaited; the number takes its promise away."


@dataclass(slots=True)
class Line:
    """A row of a file: the line it begins on, its cells, and a function that names one of them for people."""

    number: int
    cells: Sequence[object]
    address: Callable[[int], str] | None = None
    is_hidden: bool = False


@dataclass(slots=True)
class Table:
    """Rows read, the number of a template's rows that were not filled in, and what was read of each sheet."""

    rows: list[SentRow] = field(default_factory=list)
    left_empty: int = 0
    sheets: list[SheetReadOut] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Places:
    """The cells of a line that make up one figure: position by column; the period where it is a heading."""

    by_column: Mapping[str, int]
    period: str | None = None


class TableReader:
    """Reads the lines of one sheet or file after another into one table."""

    def __init__(self, vocabulary: Vocabulary, progress: Callable[[int], None]) -> None:
        self.table = Table()
        self._vocabulary = vocabulary
        self._progress = progress

    def read_lines(self, columns: Columns, lines: Iterable[Line], sheet: str | None = None) -> list[SentRow]:
        """Reads every line that is not blank, and returns the rows read. Raises RuleBroken for too many."""
        first = len(self.table.rows)
        for line in lines:
            if all(is_blank(cell) for cell in line.cells):
                continue
            if columns.is_template and _is_left_empty(columns, line.cells):
                self.table.left_empty += 1
                continue
            for places in _figures_of(columns, line):
                self._add(columns, line, places, sheet)
        return self.table.rows[first:]

    def require_rows(self) -> Table:
        """The table; raises RuleBroken if none of its rows can be sent."""
        sent_row.require_rows([row for row in self.table.rows if not row.is_left_out])
        return self.table

    def _add(self, columns: Columns, line: Line, places: _Places, sheet: str | None) -> None:
        rows = self.table.rows
        sent_row.require_within_row_limit(len(rows) + 1)
        cells = _cells(line, places)
        row = read_row(len(rows) + 1, cells, places.period, self._vocabulary)
        row.line, row.sheet = line.number, sheet
        if line.address is not None:
            row.address = partial(_address_of, places.by_column, line.address)
            row.errors = row.located(row.errors)
            row.notes, row.warnings = row.located(row.notes), row.located(row.warnings)
        if extra := _without_column(columns, line):
            row.figure, row.errors = None, [*row.errors, extra]
        if line.is_hidden:
            row.figure, row.errors, row.notes, row.warnings = None, [], [], [HIDDEN_ROW]
            row.is_left_out = True
        rows.append(row)
        if len(rows) % PROGRESS_EVERY == 0:
            self._progress(len(rows))


def read_row(number: int, cells: Mapping[str, object], period: str | None, vocabulary: Vocabulary) -> SentRow:
    """Reads one figure from its cells by column. `period` stands for a cell where periods stand across."""
    fields: dict[str, Any] = {}
    refused: list[RowMessage] = []
    notes: list[RowMessage] = []
    warnings: list[RowMessage] = []
    measure: Measure | None = None
    if period is not None:
        cells = {"indicator": cells.get("indicator", ""), "period": period, **cells}
    for name in sorted(cells, key=lambda each: each != "indicator"):
        cell = cells[name]
        if is_blank(cell):
            continue
        try:
            reading = read(name, cell, vocabulary, measure)
        except CellRefused as error:
            refused.append(RowMessage(field=name, code=error.code, message=error.message))
            continue
        _put(fields, name, reading)
        notes.extend(_messages(name, reading.note))
        warnings.extend(_messages(name, reading.warning))
        if name == "indicator":
            measure = vocabulary.measures.get(reading.value)
    notes.extend(_without_promise(fields))
    row = sent_row.parse_row(number, fields)
    refused_fields = {error["field"] for error in refused}
    row.errors = [*refused, *(error for error in row.errors if error["field"] not in refused_fields)]
    if refused:
        row.figure = None
    row.indicator, row.period = fields.get("indicator"), fields.get("period")
    row.area, row.breakdown = fields.get("area"), fields.get("breakdown", {})
    row.notes, row.warnings = notes, warnings
    return row


def _without_promise(fields: dict[str, Any]) -> Iterator[RowMessage]:
    """Takes away the promise of a figure that is there now: our templates hold it beside the cell to fill in."""
    has_figure = "value" in fields or "numerator" in fields
    if has_figure and fields.get("missing") == "awaited":
        del fields["missing"]
        fields.pop("expected_on", None)
        yield RowMessage(field="missing", code="promise_kept", message=PROMISE_KEPT)


def _put(fields: dict[str, Any], name: str, reading: Reading) -> None:
    if name.startswith(BREAKDOWN):
        fields.setdefault("breakdown", {})[name.removeprefix(BREAKDOWN)] = reading.value
    else:
        fields[name] = reading.value


def _messages(name: str, remark: Remark | None) -> Iterator[RowMessage]:
    if remark is not None:
        yield RowMessage(field=name, code=remark.code, message=remark.message)


def _figures_of(columns: Columns, line: Line) -> Iterator[_Places]:
    """The figures of a line: one, or one for each filled cell under a period."""
    shared = {name: place for place, name in columns.places}
    if not columns.periods:
        yield _Places(shared)
        return
    for place, period in columns.periods:
        if place < len(line.cells) and not is_blank(line.cells[place]):
            yield _Places({**shared, "value": place}, period)


def _cells(line: Line, places: _Places) -> dict[str, object]:
    return {name: line.cells[place] for name, place in places.by_column.items() if place < len(line.cells)}


def _is_left_empty(columns: Columns, cells: Sequence[object]) -> bool:
    filled = (cells[place] for place, name in columns.places if name in TO_FILL and place < len(cells))
    return all(is_blank(cell) for cell in filled)


def _address_of(
    by_column: Mapping[str, int], address: Callable[[int], str], column: str | None
) -> str | None:
    place = by_column.get(column or "")
    return address(place) if place is not None else None


def _without_column(columns: Columns, line: Line) -> RowMessage | None:
    """Error for a cell under no heading: it would be lost without notice."""
    places = [*sorted(columns.unnamed), *range(columns.width, len(line.cells))]
    odd = next((each for each in places if each < len(line.cells) and not is_blank(line.cells[each])), None)
    if odd is None:
        return None
    where = f": cell {line.address(odd)}" if line.address is not None else ": one of them"
    text = f"There are more cells than columns{where} stands under no heading. Empty it, or name its column."
    if line.address is None:
        text += _comma_advice(line.cells)
    return RowMessage(field=None, code="too_many_cells", message=text)


def _comma_advice(cells: Sequence[object]) -> str:
    """Asks whether a number was cut in two at its comma, as an unquoted one is in a CSV file."""
    for first, last in pairwise(str(cell).strip() for cell in cells):
        if CUT_BEFORE.fullmatch(first) and CUT_AFTER.fullmatch(last):
            number = f"{first}{last}" if len(last) == DIGITS_OF_A_GROUP else f"{first}.{last}"
            return f" If “{first},{last}” is one number, write {number}."
    return ""
