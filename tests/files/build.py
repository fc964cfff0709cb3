"""Workbooks as people and programs make them, sound and otherwise."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

XLSX = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
HEADINGS = ("indicator", "period", "value")


class PerCent(float):
    """A number that is shown with a per cent sign."""


class Sum(str):
    """A formula, worked out as 2."""


def workbook(
    *rows: Sequence[Any], headings: Sequence[str] = HEADINGS, above: Sequence[Sequence[Any]] = ()
) -> bytes:
    """One sheet: some rows above, the headings, and the rows below them."""
    return made(lambda book: fill(book, [*above, headings, *rows]))


def made(work: Callable[[xlsxwriter.Workbook], object]) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(
        out, {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    ) as book:
        work(book)
    return out.getvalue()


def fill(book: xlsxwriter.Workbook, rows: Sequence[Sequence[Any]], name: str | None = None) -> Any:
    sheet = book.add_worksheet(name)
    formats = {
        kind: book.add_format({"num_format": shown})
        for kind, shown in (
            (PerCent, "0.0%"),
            (datetime, "dd/mm/yyyy hh:mm"),
            (date, "dd/mm/yyyy"),
            (time, "hh:mm"),
            (timedelta, "[hh]:mm"),
        )
    }
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, Sum):
                sheet.write_formula(number, place, cell, None, 2)
            elif type(cell) in formats:
                sheet.write(number, place, cell, formats[type(cell)])
            elif cell is not None and cell != "":
                sheet.write(number, place, cell)
    return sheet


def repacked(
    body: bytes,
    changes: Mapping[str, Callable[[bytes], bytes]] | None = None,
    more: Mapping[str, bytes] | None = None,
    without: Sequence[str] = (),
) -> bytes:
    """The same parts, some of them changed, added to, or left out."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in without:
                change, content = (changes or {}).get(name), old.read(name)
                new.writestr(name, change(content) if change is not None else content)
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def swapped(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Puts one text in the place of another that must be there."""

    def swap(content: bytes) -> bytes:
        assert old in content, content[:1_000]
        return content.replace(old, new)

    return swap
