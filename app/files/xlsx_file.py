"""Reads a workbook's rows, from the first sheet that has the headings of figures."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineWorkbook

from app.domain.errors import FileRefused
from app.files.cell import Fault, Formula, percentage
from app.files.column import REQUIRED, Columns, is_known, nearest, read_columns
from app.files.guard import Parts, guarded
from app.files.row import Line, Measures, Progress, Table, read_table
from app.files.scan import Range, Scan, column_name, scan
from app.files.workbook import ALONE, per_cent_styles, sheets, single_sheet

LOOKED_AT = 20
"""Rows from the top that are searched for headings: there may be a title above them."""


@dataclass(frozen=True, slots=True)
class HeadedSheet:
    """A sheet's cells from its top left corner, the facts from its XML, and the row of its headings."""

    cells: Sequence[Sequence[Any]]
    scan: Scan
    header: int

    @property
    def names(self) -> list[str]:
        return [_name(cell) for cell in self.cells[self.header]]

    @property
    def likeness(self) -> int:
        """Score of the row as headings of figures: 2 for each exact name, 1 for each similar one."""
        return sum(2 if is_known(name) else 1 for name in self.names if is_known(name) or nearest(name))


def from_xlsx(body: bytes, measures: Measures, progress: Progress = lambda _done, _total: None) -> Table:
    """Reads the rows. Raises FileRefused or RuleBroken for an unsafe file, or one that is no table of figures."""
    parts = guarded(body)
    try:
        sheet = _find_headed_sheet(parts)
    except expat.ExpatError as error:
        raise _unreadable() from error
    _refuse_merged_headings(sheet)
    total = len(sheet.cells) - sheet.header - 1
    heads = read_columns(sheet.names)
    return read_table(heads, _lines(sheet, heads), measures, lambda done: progress(done, total))


def _find_headed_sheet(parts: Parts) -> HeadedSheet:
    """The first sheet with both required headings; else the one whose row is most like headings."""
    styles = per_cent_styles(parts)
    likeliest: HeadedSheet | None = None
    for place in sheets(parts):
        scanned = scan(parts, place.part, styles)
        cells = _cells(single_sheet(parts, place))
        for number in range(min(LOOKED_AT, len(cells))):
            candidate = HeadedSheet(cells, scanned, number)
            if set(REQUIRED) <= set(candidate.names):
                return candidate
            if candidate.likeness > (likeliest.likeness if likeliest is not None else 0):
                likeliest = candidate
    if likeliest is None:
        text = f"No sheet has a row with the headings “indicator” and “period” among its first {LOOKED_AT}."
        raise FileRefused("no_headings", text)
    return likeliest


def _cells(sheet: bytes) -> list[list[Any]]:
    try:
        return (
            CalamineWorkbook.from_filelike(BytesIO(sheet))
            .get_sheet_by_name(ALONE)
            .to_python(skip_empty_area=False)
        )
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        # A fault of the reader's own, which is no Python, comes as an exception that is no Exception.
        raise _unreadable() from error


def _refuse_merged_headings(sheet: HeadedSheet) -> None:
    """Refuses merged headings: they leave the columns beside them without a name."""
    for merged in sheet.scan.merged:
        if merged[0] <= sheet.header <= merged[2] and merged[1] < len(sheet.names):
            where = _range_name(merged)
            text = f"The headings {where} are merged. Unmerge them, so that each column has a heading of its own."
            raise FileRefused("merged_headings", text)


def _lines(sheet: HeadedSheet, heads: Columns) -> Iterator[Line]:
    """Yields the rows under the headings. Of a merged area only the first cell has the value."""
    scanned = sheet.scan
    places = [place for place, _ in heads.places]
    for number in range(sheet.header + 1, len(sheet.cells)):
        cells = list(sheet.cells[number])
        for column in places:
            cells[column] = _cell(cells[column], number, column, scanned)
        yield Line(number + 1, cells, _address(number))


def _cell(cell: Any, row: int, column: int, scanned: Scan) -> object:
    place = (row, column)
    if place in scanned.errors:
        return Fault(scanned.errors[place])
    if scanned.is_formula(place):
        return Formula()
    if place in scanned.per_cent and isinstance(cell, int | float):
        return percentage(cell)
    return cell


def _address(row: int) -> Callable[[int], str]:
    return lambda column: f"{column_name(column)}{row + 1}"


def _range_name(of: Range) -> str:
    return f"{column_name(of[1])}{of[0] + 1}:{column_name(of[3])}{of[2] + 1}"


def _name(cell: Any) -> str:
    return cell.strip() if isinstance(cell, str) else str(cell)


def _unreadable() -> FileRefused:
    return FileRefused("damaged_file", "The workbook cannot be read. Open it, save it anew and send that.")
