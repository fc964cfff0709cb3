"""Reads from a sheet's XML the facts its values lack: formulas, errors, how cells look, what is hidden, its size."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.errors import FileRefused
from app.files.cell import RichText
from app.files.column import LOOKED_AT
from app.files.guard import Parts
from app.files.rich_text import RunReader
from app.files.style import Styles
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
    pounds: set[Place] = field(default_factory=set)
    months: set[Place] = field(default_factory=set)
    struck: set[Place] = field(default_factory=set)
    raised: set[Place] = field(default_factory=set)
    otherwise: dict[Place, str] = field(default_factory=dict)
    """Numbers that their format shows otherwise, and how."""
    rich_texts: dict[Place, RichText] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Range] = field(default_factory=list)
    last_row: int = -1
    last_column: int = -1
    top_texts: list[str] = field(default_factory=list)
    """Texts of the first rows, and numbers of shared texts, in which headings are looked for."""
    top_shared: list[str] = field(default_factory=list)
    refusal: FileRefused | None = None
    """Why the sheet cannot be read as far as it goes."""

    def is_formula(self, place: Place) -> bool:
        return place in self.formulas or any(inside(place, each) for each in self.spilt)

    def merged_in(self, row: int) -> list[Range]:
        """The merged cells that a row goes through."""
        return [each for each in self.merged if each[0] <= row <= each[2]]


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


def range_name(area: Range) -> str:
    return f"{column_name(area[1])}{area[0] + 1}:{column_name(area[3])}{area[2] + 1}"


def scan(parts: Parts, name: str, styles: Styles, rich_texts: Mapping[str, RichText]) -> Scan:
    """Reads a sheet's part once. Where it is too large or out of order, the scan ends with the refusal."""
    reader = _Reader(styles, rich_texts)
    try:
        walk(parts, name, reader.start, reader.end, reader.text)
    except FileRefused as refusal:
        reader.scan.refusal = refusal
    return reader.scan


class _Reader:
    def __init__(self, styles: Styles, rich_texts: Mapping[str, RichText]) -> None:
        self.scan = Scan()
        self._styles = styles
        self._rich_texts = rich_texts
        self._row = -1
        self._column = -1
        self._kind = "n"
        self._style = ""
        self._value: str | None = None
        self._runs: RunReader | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._runs is not None:
            self._runs.start(tag, attributes)
        elif tag == "c":
            self._cell(attributes)
        elif tag == "v":
            self._extend()
            self._value = ""
            self._look()
        elif tag == "f":
            self._formula(attributes)
        elif tag == "is":
            self._extend()
            self._runs = RunReader()
            self._look()
        elif tag == "row":
            self._next_row(attributes)
        elif tag == "col":
            self._hide_columns(attributes)
        elif tag == "mergeCell":
            self._add(self.scan.merged, attributes)

    def end(self, tag: str) -> None:
        place = (self._row, self._column)
        if self._runs is not None:
            self._runs.end(tag)
            if tag == "is":
                self._keep(place, self._runs.rich_text)
                if self._row < LOOKED_AT:
                    self.scan.top_texts.append(self._runs.whole)
                self._runs = None
        elif tag == "v" and self._value is not None:
            if self._kind == "e":
                self.scan.errors[place] = self._value.strip()[:20]
            elif self._kind == "s":
                self._keep(place, self._rich_texts.get(self._value.strip()))
                if self._row < LOOKED_AT:
                    self.scan.top_shared.append(self._value.strip())
            self._value = None

    def text(self, text: str) -> None:
        if self._runs is not None:
            self._runs.text(text)
        elif self._value is not None and self._kind in "es":
            self._value += text

    def _keep(self, place: Place, text: RichText | None) -> None:
        """A text struck through as a whole is a struck cell, as one whose font is."""
        if text is None:
            return
        if text.struck.strip() and not text.unstruck.strip():
            self.scan.struck.add(place)
        else:
            self.scan.rich_texts[place] = text

    def _look(self) -> None:
        """Notes how the cell looks."""
        place, style, scan = (self._row, self._column), self._style, self.scan
        for styles, places in (
            (self._styles.struck, scan.struck),
            (self._styles.raised, scan.raised),
            *(
                (
                    (self._styles.per_cent, scan.per_cent),
                    (self._styles.pounds, scan.pounds),
                    (self._styles.month, scan.months),
                )
                if self._kind in ("n", "d")
                else ()
            ),
        ):
            if style in styles:
                places.add(place)
        if self._kind == "n" and style in self._styles.otherwise:
            scan.otherwise[place] = self._styles.otherwise[style]

    def _hide_columns(self, attributes: Mapping[str, str]) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if (
            _is_hidden(attributes, "width")
            and first.isdecimal()
            and last.isdecimal()
            and len(first + last) < 12
        ):
            columns = range(int(first) - 1, min(int(last), MOST_COLUMNS))
            self.scan.hidden_columns.update(columns)

    def _next_row(self, attributes: Mapping[str, str]) -> None:
        number = attributes.get("r", "")
        row = int(number) - 1 if number.isascii() and number.isdigit() and len(number) < 8 else self._row + 1
        if row <= self._row:
            raise _out_of_order()
        self._row, self._column = row, -1
        if _is_hidden(attributes, "ht"):
            self.scan.hidden_rows.add(row)

    def _cell(self, attributes: Mapping[str, str]) -> None:
        address = attributes.get("r")
        row, column = _place(address) if address is not None else (self._row, self._column + 1)
        if row != self._row or column <= self._column:
            raise _out_of_order()
        self._column = column
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")

    def _formula(self, attributes: Mapping[str, str]) -> None:
        self._extend()
        self.scan.formulas.add((self._row, self._column))
        if attributes.get("t") in ("array", "dataTable"):
            self._add(self.scan.spilt, attributes)

    def _add(self, ranges: list[Range], attributes: Mapping[str, str]) -> None:
        ranges.append(_range(attributes.get("ref", "")))
        if len(ranges) > MOST_RANGES:
            raise too_many_areas()

    def _extend(self) -> None:
        scan = self.scan
        scan.last_row = max(scan.last_row, self._row)
        scan.last_column = max(scan.last_column, self._column)
        rows, columns = scan.last_row + 1, scan.last_column + 1
        if columns > MOST_COLUMNS or rows > MOST_LINES or rows * columns > MOST_CELLS:
            raise too_large(self._row, self._column)


def _is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    """Whether a row or column is hidden, filtered out, or of no size."""
    return attributes.get("hidden") in ("1", "true") or attributes.get(size) in ("0", "0.0")


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


def too_large(row: int, column: int) -> FileRefused:
    where = f"{column_name(column)}{row + 1}"
    text = (
        f"The sheet reaches as far as cell {where}. Delete what is not figures, or copy them into a new one."
    )
    return FileRefused("sheet_too_large", text)


def too_many_areas() -> FileRefused:
    text = f"The sheet has over {MOST_RANGES} merged or calculated areas. Copy the figures into a new one."
    return FileRefused("too_many_areas", text)


def _out_of_order() -> FileRefused:
    return FileRefused(
        "damaged_file", "The sheet's cells are not in order. Open the file, save it anew and send that."
    )
