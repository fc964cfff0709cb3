"""Reads the sheets of an OpenDocument spreadsheet (.ods) from its content, which the guard has checked."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from app.domain.errors import FileRefused, RuleBroken
from app.domain.period_text import understand_period
from app.files.cell import Fault, Formula, MonthCell, Pounds, RichText, ShownOtherwise, Struck, percentage
from app.files.guard import Parts, damaged
from app.files.ods_style import CONTENT, OdsStyles, local, read_ods_styles
from app.files.scan import MOST_CELLS, MOST_COLUMNS, MOST_LINES, MOST_RANGES, Scan, too_large, too_many_areas
from app.files.sheet import Sheet, Unread
from app.files.style import HIDDEN_NUMBER, MARK, marked_number
from app.files.workbook import walk

HIDDEN = ("collapse", "filter")
BESIDE_CELLS = frozenset(
    {
        "tracked-changes",
        "annotation",
        "shapes",
        "frame",
        "custom-shape",
        "g",
        "rect",
        "line",
        "path",
        "control",
    }
    | {"polyline", "polygon", "circle", "ellipse", "connector", "caption", "measure", "scene", "object"}
)
"""Elements whose texts are no cell's: comments, drawings, and what was deleted. A table in a cell is another."""
DURATION = re.compile(r"-?PT([0-9]{1,6})H([0-9]{1,2})M([0-9]{1,2})(?:[.,][0-9]+)?S")
NUMBER_TYPES = ("float", "currency", "percentage")


class _Text:
    """The text of a cell, by how its parts look; paragraphs are lines."""

    def __init__(self, styles: OdsStyles) -> None:
        self._styles = styles
        self._effects: list[set[str]] = []
        self._paragraphs = 0
        self._pieces = {"": "", "raised": "", "struck": ""}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "p":
            self._paragraphs += 1
            if self._paragraphs > 1:
                self.add("\n")
        elif tag == "span":
            self._effects.append(self._styles.of(local(attributes).get("style-name", "")))
        elif tag in ("s", "tab", "line-break"):
            self.add("\n" if tag == "line-break" else " ")

    def end(self, tag: str) -> None:
        if tag == "span" and self._effects:
            self._effects.pop()

    def add(self, text: str) -> None:
        effects = set().union(*self._effects)
        self._pieces["struck" if "struck" in effects else "raised" if "raised" in effects else ""] += text

    @property
    def displayed(self) -> str:
        return "".join(self._pieces.values())

    @property
    def cell(self) -> object:
        plain, raised, struck = self._pieces.values()
        if not raised.strip() and not struck.strip():
            return plain + raised + struck
        if struck.strip() and not (plain + raised).strip():
            return Struck(struck)
        return RichText(plain, raised, struck)


class _Table:
    """One sheet, as it is read."""

    def __init__(self, name: str, is_hidden: bool) -> None:
        self.name = name
        self.is_hidden = is_hidden
        self.rows: list[list[object]] = []
        self.scan = Scan()
        self.row_number = 0
        self.width = 0
        self.columns = 0
        self.column_styles: dict[int, str] = {}

    def add_columns(self, named: Mapping[str, str]) -> None:
        count = _count(named, "number-columns-repeated")
        for column in range(self.columns, min(self.columns + count, MOST_COLUMNS)):
            self.column_styles[column] = named.get("default-cell-style-name", "")
            if named.get("visibility") in HIDDEN:
                self.scan.hidden_columns.add(column)
        self.columns += count

    def add_row(self, cells: list[object], named: Mapping[str, str]) -> None:
        count = _count(named, "number-rows-repeated")
        if cells:
            self.width = max(self.width, len(cells))
            last = self.row_number + count
            if self.width > MOST_COLUMNS or last > MOST_LINES or last * self.width > MOST_CELLS:
                raise too_large(self.row_number, len(cells) - 1)
            self.rows.extend([] for _ in range(self.row_number - len(self.rows)))
            self.rows.extend([cells] * count)
            if named.get("visibility") in HIDDEN:
                self.scan.hidden_rows.update(range(self.row_number, last))
        self.row_number += count

    def merge(self, column: int, rows: int, columns: int) -> None:
        if rows > 1 or columns > 1:
            row = self.row_number
            self.scan.merged.append((row, column, row + rows - 1, column + columns - 1))
            if len(self.scan.merged) > MOST_RANGES:
                raise too_many_areas()

    def sheet(self) -> Sheet | Unread:
        if self.is_hidden:
            return Unread(self.name, "It is hidden. Show it if it is meant.")
        if self.scan.refusal is not None:
            return Unread(self.name, self.scan.refusal.message, self.scan.refusal)
        cells = [[*row, *[""] * (self.width - len(row))] for row in self.rows]
        return Sheet(self.name, cells, self.scan)


class _Reader:
    def __init__(self, styles: OdsStyles) -> None:
        self.tables: list[_Table] = []
        self._styles = styles
        self._skipped = 0
        self._in_table = False
        self._row: list[object] = []
        self._row_attributes: dict[str, str] = {}
        self._column = 0
        self._cell: dict[str, str] | None = None
        self._text = _Text(styles)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._skipped or tag in BESIDE_CELLS or (tag == "table" and self._in_table):
            self._skipped += 1
        elif tag == "table":
            named = local(attributes)
            is_hidden = "hidden" in self._styles.of(named.get("style-name", ""))
            self.tables.append(_Table(named.get("name", ""), is_hidden))
            self._in_table = True
        elif not self.tables or self.tables[-1].scan.refusal is not None:
            return
        elif tag == "table-column":
            self.tables[-1].add_columns(local(attributes))
        elif tag == "table-row":
            self._row, self._row_attributes, self._column = [], local(attributes), 0
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell, self._text = {**local(attributes), "tag": tag}, _Text(self._styles)
        elif self._cell is not None:
            self._text.start(tag, attributes)

    def end(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        if tag == "table":
            self._in_table = False
        if not self.tables or self.tables[-1].scan.refusal is not None:
            return
        try:
            if tag in ("table-cell", "covered-table-cell") and self._cell is not None:
                self._end_cell(self._cell)
                self._cell = None
            elif tag == "table-row":
                self.tables[-1].add_row(self._row, self._row_attributes)
            elif self._cell is not None:
                self._text.end(tag)
        except FileRefused as refusal:
            self.tables[-1].scan.refusal = refusal

    def text(self, text: str) -> None:
        if not self._skipped and self._cell is not None:
            self._text.add(text)

    def _end_cell(self, named: Mapping[str, str]) -> None:
        table, count = self.tables[-1], _count(named, "number-columns-repeated")
        cell = "" if named["tag"] == "covered-table-cell" else _cell(named, self._text)
        if cell != "":
            if self._column + count > MOST_COLUMNS:
                raise too_large(table.row_number, self._column + count - 1)
            style = named.get("style-name") or table.column_styles.get(self._column, "")
            cell = _styled(cell, self._styles.of(style), self._text.displayed)
            self._row.extend([""] * (self._column - len(self._row)))
            self._row.extend([cell] * count)
        table.merge(
            self._column, _count(named, "number-rows-spanned"), _count(named, "number-columns-spanned")
        )
        self._column += count


def ods_sheets(parts: Parts) -> Iterator[Sheet | Unread]:
    """Yields each sheet in order, read from the content alone."""
    reader = _Reader(read_ods_styles(parts))
    walk(parts, CONTENT, reader.start, reader.end, reader.text)
    for table in reader.tables:
        yield table.sheet()


def _count(named: Mapping[str, str], name: str) -> int:
    text = named.get(name, "1")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise damaged()
    return max(int(text), 1)


def _cell(named: Mapping[str, str], text: _Text) -> object:
    kinds = named.get("value-type", "")
    if text.displayed.startswith("#") and "formula" in named:
        return Fault(text.displayed.strip()[:20])
    if "formula" in named:
        return Formula()
    try:
        if kinds in NUMBER_TYPES:
            return _number(kinds, float(named.get("value", "")), text.displayed)
        if kinds == "date":
            return _date(date.fromisoformat(named.get("date-value", "")[:10]), text.displayed)
    except ValueError as error:
        raise damaged() from error
    if kinds == "boolean":
        return named.get("boolean-value") == "true"
    if kinds == "time" and (match := DURATION.fullmatch(named.get("time-value", ""))):
        return timedelta(hours=int(match[1]), minutes=int(match[2]), seconds=int(match[3]))
    return text.cell


def _number(kind: str, number: float, displayed: str) -> object:
    cell = percentage(number) if kind == "percentage" else Pounds(number) if "£" in displayed else number
    how = _hidden_or_marked(displayed)
    return ShownOtherwise(cell, how) if how else cell


def _hidden_or_marked(displayed: str) -> str:
    """How a number's text hides it or marks it; empty where it does neither."""
    if not displayed.strip():
        return HIDDEN_NUMBER
    beside = re.sub(r"[-0-9.,\s]", "", displayed)
    return marked_number(beside) if MARK.search(beside) else ""


def _date(day: date, displayed: str) -> object:
    """A date of which only month and year are displayed is that month."""
    try:
        period = understand_period(displayed)
    except RuleBroken:
        return day
    return MonthCell(day) if (period.start, period.months) == (day.replace(day=1), 1) else day


def _styled(cell: object, effects: set[str], displayed: str) -> object:
    if isinstance(cell, str | RichText) and "raised" in effects:
        return RichText(plain="", raised=displayed)
    return Struck(cell) if "struck" in effects and not isinstance(cell, Struck) else cell
