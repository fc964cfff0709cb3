"""A sheet of a workbook, and its cells as they look: with what is merged, hidden, struck through or raised."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from app.domain.errors import FileRefused
from app.files.cell import (
    Fault,
    Formula,
    HiddenCell,
    Merged,
    MonthCell,
    Percentage,
    Pounds,
    RichText,
    ShownOtherwise,
    Struck,
    exact_decimal,
    is_blank,
    percentage,
)
from app.files.column import LOOKED_AT, Columns, has_headings, likeness
from app.files.row import Line
from app.files.scan import Range, Scan, column_name, range_name
from app.models.column import plain


@dataclass(frozen=True, slots=True)
class Unread:
    """A sheet that was passed over, and why."""

    name: str
    reason: str
    refusal: FileRefused | None = None


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet's cells from its top left corner, and the facts that they lack."""

    name: str
    cells: Sequence[Sequence[Any]]
    scan: Scan

    @cached_property
    def header(self) -> int | None:
        """Row of the headings of figures among the first."""
        return next((row for row in self._first_rows if has_headings(self.headings(row))), None)

    @cached_property
    def likeliest_header(self) -> tuple[int, int]:
        """Likeness of the row that is most like headings, and its number."""
        return max(((likeness(self.headings(row)), -row) for row in self._first_rows), default=(0, 0))

    @property
    def _first_rows(self) -> range:
        return range(min(LOOKED_AT, len(self.cells)))

    def headings(self, row: int) -> list[str]:
        return [self._heading(row, column) for column in range(len(self.cells[row]))]

    def _heading(self, row: int, column: int) -> str:
        cell = self.cells[row][column]
        if isinstance(cell, Struck):
            cell = cell.cell
        if isinstance(cell, MonthCell):
            return f"{cell.day:%Y-%m}"
        if isinstance(cell, date):
            return f"{cell:%Y-%m}" if (row, column) in self.scan.months else f"{cell:%Y-%m-%d}"
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return plain(exact_decimal(cell))
        rich_text = self.scan.rich_texts.get((row, column), cell)
        if isinstance(rich_text, RichText):
            return rich_text.plain.strip()
        return str(cell).strip()

    def lines(self, columns: Columns, address: Callable[[int, int], str], header: int) -> Iterator[Line]:
        """Yields the rows under the headings."""
        places = [place for place, _ in (*columns.places, *columns.periods)]
        for row in range(header + 1, len(self.cells)):
            cells = list(self.cells[row])
            merged = self.scan.merged_in(row)
            for column in places:
                cells[column] = self._cell(row, column, merged)
            yield Line(row + 1, cells, _address_in(row, address), row in self.scan.hidden_rows)

    def _cell(self, row: int, column: int, merged: Sequence[Range]) -> object:
        cell, place = self._look(row, column), (row, column)
        area = next((each for each in merged if each[1] <= column <= each[3] and place != each[:2]), None)
        if area is not None and not (is_blank(cell) and is_blank(self.cells[area[0]][area[1]])):
            return Merged(range_name(area))
        if is_blank(cell):
            return cell
        if column in self.scan.hidden_columns:
            return HiddenCell()
        if place in self.scan.otherwise and isinstance(cell, int | float | Percentage | Pounds):
            cell = ShownOtherwise(cell, self.scan.otherwise[place])
        return Struck(cell) if place in self.scan.struck else cell

    def _look(self, row: int, column: int) -> object:
        cell, place, scan = self.cells[row][column], (row, column), self.scan
        if place in scan.errors:
            return Fault(scan.errors[place])
        if scan.is_formula(place):
            return Formula()
        if place in scan.rich_texts:
            return scan.rich_texts[place]
        if place in scan.raised and not is_blank(cell):
            return RichText(plain="", raised=str(cell))
        return self._formatted(cell, row, column)

    def _formatted(self, cell: Any, row: int, column: int) -> object:
        place = (row, column)
        if isinstance(cell, date):
            return MonthCell(cell) if place in self.scan.months else cell
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            return cell
        if place in self.scan.per_cent:
            return percentage(cell)
        return Pounds(cell) if place in self.scan.pounds else cell

    def merged_headings(self, header: int) -> str | None:
        """Name of merged headings: they leave the columns beside them without a name."""
        for area in self.scan.merged:
            if area[0] <= header <= area[2] and area[1] < len(self.cells[header]):
                return range_name(area)
        return None


def _address_in(row: int, address: Callable[[int, int], str]) -> Callable[[int], str]:
    return lambda column: address(row, column)


def cell_name(row: int, column: int) -> str:
    return f"{column_name(column)}{row + 1}"
