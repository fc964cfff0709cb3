"""Reads from a sheet's XML the facts its values lack: formulas, errors, per cent signs, and its size."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.errors import FileRefused
from app.files.guard import Parts
from app.files.workbook import walk

ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
MOST_COLUMNS = 1_000
MOST_LINES = 100_000
MOST_CELLS = 2_000_000
"""Cells of the smallest rectangle around all: the reader allocates it in full."""
MOST_RANGES = 200

Place = tuple[int, int]
"""Row and column, from 0."""
Range = tuple[int, int, int, int]
"""First row and column, last row and column."""


@dataclass(slots=True)
class Scan:
    formulas: set[Place] = field(default_factory=set)
    spilt: list[Range] = field(default_factory=list)
    """Ranges into which formulas write results beyond their own cell."""
    errors: dict[Place, str] = field(default_factory=dict)
    per_cent: set[Place] = field(default_factory=set)
    merged: list[Range] = field(default_factory=list)
    last_row: int = -1
    last_column: int = -1

    def is_formula(self, place: Place) -> bool:
        return place in self.formulas or any(inside(place, each) for each in self.spilt)


def inside(place: Place, within: Range) -> bool:
    return within[0] <= place[0] <= within[2] and within[1] <= place[1] <= within[3]


def column_name(column: int) -> str:
    """ "A" for 0, "AA" for 26."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def scan(parts: Parts, name: str, per_cent_styles: frozenset[str]) -> Scan:
    """Reads a sheet's part once; raises FileRefused where it is too large or out of order."""
    reader = _Reader(per_cent_styles)
    walk(parts, name, reader.start, reader.end, reader.text)
    return reader.scan


class _Reader:
    def __init__(self, per_cent_styles: frozenset[str]) -> None:
        self.scan = Scan()
        self._per_cent_styles = per_cent_styles
        self._row = -1
        self._column = -1
        self._is_error = False
        self._is_number = False
        self._styled = False
        self._in_value = False
        self._error_text = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "c":
            self._cell(attributes)
        elif tag == "v":
            self._extend()
            self._in_value, self._error_text = self._is_error, ""
            if self._styled and self._is_number:
                self.scan.per_cent.add((self._row, self._column))
        elif tag == "f":
            self._formula(attributes)
        elif tag == "is":
            self._extend()
        elif tag == "row":
            self._next_row(attributes)
        elif tag == "mergeCell":
            self._add(self.scan.merged, attributes)

    def end(self, tag: str) -> None:
        if tag == "v" and self._in_value:
            self._in_value = False
            self.scan.errors[self._row, self._column] = self._error_text.strip()[:20]

    def text(self, text: str) -> None:
        if self._in_value:
            self._error_text += text

    def _next_row(self, attributes: Mapping[str, str]) -> None:
        number = attributes.get("r", "")
        row = int(number) - 1 if number.isascii() and number.isdigit() and len(number) < 8 else self._row + 1
        if row <= self._row:
            raise _out_of_order()
        self._row, self._column = row, -1

    def _cell(self, attributes: Mapping[str, str]) -> None:
        address = attributes.get("r")
        row, column = _place(address) if address is not None else (self._row, self._column + 1)
        if row != self._row or column <= self._column:
            raise _out_of_order()
        self._column = column
        kind = attributes.get("t", "n")
        self._is_error, self._is_number = kind == "e", kind == "n"
        self._styled = attributes.get("s", "") in self._per_cent_styles

    def _formula(self, attributes: Mapping[str, str]) -> None:
        self._extend()
        self.scan.formulas.add((self._row, self._column))
        if attributes.get("t") in ("array", "dataTable"):
            self._add(self.scan.spilt, attributes)

    def _add(self, ranges: list[Range], attributes: Mapping[str, str]) -> None:
        ranges.append(_range(attributes.get("ref", "")))
        if len(ranges) > MOST_RANGES:
            text = f"The sheet has over {MOST_RANGES} merged or calculated areas. Copy the figures into a new one."
            raise FileRefused("too_many_areas", text)

    def _extend(self) -> None:
        scan = self.scan
        scan.last_row = max(scan.last_row, self._row)
        scan.last_column = max(scan.last_column, self._column)
        rows, columns = scan.last_row + 1, scan.last_column + 1
        if columns > MOST_COLUMNS or rows > MOST_LINES or rows * columns > MOST_CELLS:
            where = f"{column_name(self._column)}{self._row + 1}"
            text = f"The sheet reaches as far as cell {where}. Delete what is not figures, or copy them into a new one."
            raise FileRefused("sheet_too_large", text)


def _place(address: str) -> Place:
    match = ADDRESS.fullmatch(address)
    if match is None:
        raise _out_of_order()
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def _range(text: str) -> Range:
    first, _, last = text.partition(":")
    top, left = _place(first)
    bottom, right = _place(last or first)
    return top, left, bottom, right


def _out_of_order() -> FileRefused:
    return FileRefused(
        "damaged_file", "The sheet's cells are not in order. Open the file, save it anew and send that."
    )
