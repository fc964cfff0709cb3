"""Reads a CSV file: a heading line, and columns named as in JSON, `breakdown.strand` for a breakdown."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from app.domain.errors import FileRefused
from app.files.column import LOOKED_AT, has_headings, likeness, read_columns
from app.files.kind import kind_of, not_a_table
from app.files.row import Line, Progress, Table, TableReader
from app.files.vocabulary import Vocabulary
from app.models.figures.submission import SheetReadOut

SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "upright strokes"}
MOST_SEARCHED = 200_000
"""Characters from the top in which headings are looked for with other separators."""
SEPARATOR_LINE = "sep="
"""Begins a first line that tells Excel the separator."""


def from_csv(body: bytes, vocabulary: Vocabulary, progress: Progress = lambda _done, _total: None) -> Table:
    """Reads the rows. Raises FileRefused or RuleBroken for a file that is no table of figures."""
    if kind := kind_of(body):
        raise FileRefused("not_a_spreadsheet", not_a_table(kind))
    text = _text(body)
    _refuse_other_separators(text[:MOST_SEARCHED])
    total = text.count("\n")
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    reader = TableReader(vocabulary, lambda done: progress(done, max(done, total)))
    try:
        rows = _lines(lines)
        top = list(islice(rows, LOOKED_AT))
        number = _heading([line.cells for line in top])
        columns = read_columns([str(cell) for cell in top[number].cells] if top else [])
        figures = reader.read_lines(columns, chain(top[number + 1 :], rows))
    except csv.Error as error:
        raise FileRefused("bad_csv", f"Line {lines.line_num}: {_unreadable(error)}") from error
    above = [line.number for line in top[:number] if any(line.cells)]
    reader.table.sheets.append(
        SheetReadOut(sheet=None, rows=len(figures), left_out=0, messages=_above(above, top[number].number))
    )
    return reader.require_rows()


def _text(body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = "The file is not UTF-8 text. Save it as “CSV UTF-8”."
        raise FileRefused("malformed", text, "malformed") from error
    if "\0" in text:
        raise FileRefused("malformed", "The file is not text.", "malformed")
    return text


def _heading(top: Sequence[Sequence[Any]]) -> int:
    """Position of the heading line among the first: the first with the required headings, else the likeliest."""
    if not any(any(cells) for cells in top):
        return 0
    headed = next((number for number, cells in enumerate(top) if has_headings(cells)), None)
    if headed is not None:
        return headed
    scores = [likeness(cells) for cells in top]
    if not any(scores):
        text = f"No line has the headings “indicator” and “period” among the first {LOOKED_AT}."
        raise FileRefused("no_headings", text)
    return scores.index(max(scores))


def _refuse_other_separators(text: str) -> None:
    """Refuses other separators, as a spreadsheet writes them where numbers have decimal commas."""
    if _separates(",", text):
        return
    for mark, name in SEPARATORS.items():
        if _separates(mark, text):
            raise FileRefused(
                "wrong_separator",
                f"The columns are separated by {name}, and commas are expected. Save it anew as “CSV (comma"
                " delimited)”, or as an Excel workbook (.xlsx) where your spreadsheet knows no other CSV.",
            )


def _separates(mark: str, text: str) -> bool:
    """Whether the headings of figures are found among the first lines with this separator."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        return any(has_headings(cells) for cells in islice(lines, LOOKED_AT))
    except csv.Error:
        return False


def _above(numbers: Sequence[int], heading: int) -> list[str]:
    """Says which lines above the headings were not read; the separator's own is none."""
    if not numbers:
        return []
    which = f"Line {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} lines"
    verb = "was" if len(numbers) == 1 else "were"
    return [f"{which} above the headings in line {heading} {verb} not read."]


def _unreadable(error: csv.Error) -> str:
    if "field limit" in str(error):
        return f"a cell is longer than {csv.field_size_limit():,} characters, or a quotation mark is never closed."
    return "the quotation marks do not pair up."


def _lines(reader: Any) -> Iterator[Line]:
    """Yields each row with the line it begins on: a cell may hold several lines."""
    first = reader.line_num + 1
    for cells in reader:
        is_separator_line = first == 1 and cells[:1] and cells[0].casefold().startswith(SEPARATOR_LINE)
        yield Line(first, [] if is_separator_line else cells)
        first = reader.line_num + 1
