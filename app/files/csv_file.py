"""Reads a CSV file: a header line, and columns named as in JSON, `breakdown.strand` for a breakdown."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from app.domain.errors import FileRefused
from app.files.column import read_columns
from app.files.row import Line, Measures, Progress, Table, read_table

SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "upright strokes"}


def from_csv(body: bytes, measures: Measures, progress: Progress = lambda _done, _total: None) -> Table:
    """Reads the rows. Raises FileRefused or RuleBroken for a file that is no table of figures."""
    text = _text(body)
    _require_commas(text)
    total = text.count("\n")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = read_columns(next(reader, []))
        return read_table(columns, _lines(reader), measures, lambda done: progress(done, max(done, total)))
    except csv.Error as error:
        raise FileRefused("bad_csv", f"Line {reader.line_num}: {_unreadable(error)}") from error


def _text(body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = "The file is not UTF-8 text. Save it as “CSV UTF-8”."
        raise FileRefused("malformed", text, "malformed") from error
    if "\0" in text:
        raise FileRefused("malformed", "The file is not text.", "malformed")
    return text


def _require_commas(text: str) -> None:
    """Refuses other separators, as a spreadsheet writes them where numbers have decimal commas."""
    heading = text.partition("\n")[0]
    used = next((name for mark, name in SEPARATORS.items() if mark in heading), None)
    if used is not None and "," not in heading:
        raise FileRefused(
            "wrong_separator",
            f"The columns are separated by {used}, and commas are expected. Save it anew as “CSV (comma delimited)”,"
            " or as an Excel workbook (.xlsx) where your spreadsheet knows no other CSV.",
        )


def _unreadable(error: csv.Error) -> str:
    if "field limit" in str(error):
        return f"a cell is longer than {csv.field_size_limit():,} characters, or a quotation mark is never closed."
    return "the quotation marks do not pair up."


def _lines(reader: Any) -> Iterator[Line]:
    """Yields each row with the line it begins on: a cell may hold several lines."""
    first = reader.line_num + 1
    for cells in reader:
        yield Line(first, cells)
        first = reader.line_num + 1
