"""A workbook's rows: of its first sheet whose headings are those of figures."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineWorkbook

from app.domain.errors import FileRefused
from app.files.cell import Fault, Formula, percentage
from app.files.column import REQUIRED, Columns, columns, is_known, nearest
from app.files.guard import Parts, guarded
from app.files.row import Line, Measures, Progress, Table, table
from app.files.scan import Range, Scan, column_name, scan
from app.files.workbook import ALONE, alone, per_cent_styles, sheets

LOOKED_AT = 20
"""Rows from the top among which the headings are looked for: a title may stand above them."""


@dataclass(frozen=True, slots=True)
class Found:
    """A sheet's cells from its top left corner, what its XML says of them, and the row of its headings."""

    cells: Sequence[Sequence[Any]]
    scan: Scan
    header: int

    @property
    def names(self) -> list[str]:
        return [_name(cell) for cell in self.cells[self.header]]

    @property
    def likeness(self) -> int:
        """How much the row looks like headings of figures."""
        return sum(2 if is_known(name) else 1 for name in self.names if is_known(name) or nearest(name))


def from_xlsx(body: bytes, measures: Measures, progress: Progress = lambda _done, _total: None) -> Table:
    """Raises FileRefused or RuleBroken for what is no table of figures, or not safe to look into."""
    parts = guarded(body)
    try:
        found = _found(parts)
    except expat.ExpatError as error:
        raise _unreadable() from error
    _unmerged(found)
    total = len(found.cells) - found.header - 1
    heads = columns(found.names)
    return table(heads, _lines(found, heads), measures, lambda done: progress(done, total))


def _found(parts: Parts) -> Found:
    """The first sheet with both headings that must be there; else complains of the likeliest row."""
    styles = per_cent_styles(parts)
    likeliest: Found | None = None
    for place in sheets(parts):
        scanned = scan(parts, place.part, styles)
        cells = _cells(alone(parts, place))
        for number in range(min(LOOKED_AT, len(cells))):
            each = Found(cells, scanned, number)
            if set(REQUIRED) <= set(each.names):
                return each
            if each.likeness > (likeliest.likeness if likeliest is not None else 0):
                likeliest = each
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


def _unmerged(found: Found) -> None:
    """A merged heading leaves the columns beside it without a name."""
    for merged in found.scan.merged:
        if merged[0] <= found.header <= merged[2] and merged[1] < len(found.names):
            where = _range_name(merged)
            text = f"The headings {where} are merged. Unmerge them, so that each column has a heading of its own."
            raise FileRefused("merged_headings", text)


def _lines(found: Found, heads: Columns) -> Iterator[Line]:
    """The rows under the headings. A merged area's value counts for its first cell alone, as it is kept."""
    scanned = found.scan
    places = [place for place, _ in heads.taken]
    for number in range(found.header + 1, len(found.cells)):
        cells = list(found.cells[number])
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
