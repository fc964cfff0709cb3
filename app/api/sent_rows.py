"""Figures as they arrive, JSON or CSV, made into rows one by one: a bad row must not hide the good ones."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from app.api.access import admitting
from app.api.csv_text import restored
from app.api.problem import Refused, field_error, some_of
from app.commands.figure import SentRow
from app.domain.authority import Scope
from app.domain.errors import RuleBroken
from app.models.figure import FigureIn, FigureOut
from app.models.submission import RowMessage

MOST_ROWS = 20_000
MOST_NAMES = 100
MOST_ROW_ERRORS = 20
NUMBERS = ("value", "numerator", "denominator", "sample_size", "margin", "margin_level")
EXAMPLE: dict[str, Any] = {
    "figures": [
        {"indicator": "repeat-domestic-abuse", "period": "2016-10/2017-09", "value": 43.3, "status": "final"},
        {
            "indicator": "hate-crime",
            "period": "2017-18-Q2",
            "area": "E08000032",
            "breakdown": {"strand": "race"},
            "value": 271,
            "status": "provisional",
            "note": "late reports still being coded",
        },
        {
            "indicator": "asb-satisfaction",
            "period": "2017-18-Q2",
            "value": None,
            "missing": "awaited",
            "expected_on": "2017-11-30",
        },
        {
            "indicator": "treatment-completion-opiate",
            "period": "2016-10/2017-09",
            "numerator": 94,
            "denominator": 2000,
        },
    ]
}
"""The contract's own."""
PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
TOLD_ONLY = set(FigureOut.__annotations__) - set(FigureIn.model_fields)
"""Columns that a list of figures gives and that mean nothing going in: they may come back untouched."""


@dataclass(frozen=True)
class Sent:
    """Rows, and in what form they came."""

    rows: list[SentRow]
    via: str


async def sent_figures(request: Request, _admitted: Annotated[None, admitting(Scope.POST_FIGURES)]) -> Sent:
    """Reads the body by its content type, before the ledger is held and off the event loop."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return Sent(await run_in_threadpool(from_json, await request.json()), "json")
    if kind == "text/csv":
        return Sent(await run_in_threadpool(from_csv, await request.body()), "csv")
    raise Refused(415, "unsupported_media_type", "Send application/json or text/csv.")


def from_json(body: Any) -> list[SentRow]:
    """Rows of `{"figures": [...]}`."""
    if not isinstance(body, dict) or set(body) != {"figures"} or not isinstance(body["figures"], list):
        raise RuleBroken(
            "figures", "figures_required", 'Expected {"figures": [ ... ]} and nothing beside it.'
        )
    _some(body["figures"])
    return [_row(number, item) for number, item in enumerate(body["figures"], 1)]


def from_csv(body: bytes) -> list[SentRow]:
    """Rows of a file with a header line; columns are named as in JSON, `breakdown.strand` for a breakdown."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HTTPException(400, "The file is not UTF-8 text. Save it as “CSV UTF-8”.") from error
    if "\0" in text:
        raise HTTPException(400, "The file is not text.")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _columns(header)
        rows = [_csv_row(number, line, header, cells) for number, line, cells in _lines(reader)]
    except csv.Error as error:
        raise Refused(422, "bad_csv", f"Line {reader.line_num}: {_unreadable(error)}") from error
    _some(rows)
    return rows


def _unreadable(error: csv.Error) -> str:
    if "field limit" in str(error):
        return f"a cell is longer than {csv.field_size_limit():,} characters, or a quotation mark is never closed."
    return "the quotation marks do not pair up."


def _lines(reader: Any) -> Iterator[tuple[int, int, list[str]]]:
    """Row number, first line and cells of each row that is not blank."""
    number, first = 0, reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            number += 1
            _count(number)
            yield number, first, cells
        first = reader.line_num + 1


def _columns(header: list[str]) -> None:
    known = set(FigureIn.model_fields) - {"breakdown"} | TOLD_ONLY
    for name in header:
        if name not in known and not name.startswith("breakdown."):
            raise Refused(
                422,
                "unknown_column",
                f"There is no column “{name[:80]}”. Expected: {', '.join(FigureIn.model_fields)}; breakdown.NAME.",
            )
    twice = [name for name, times in Counter(header).items() if times > 1]
    if twice:
        raise Refused(422, "column_twice", f"The column “{min(twice)[:80]}” stands twice.")
    for name in ("indicator", "period"):
        if name not in header:
            raise Refused(422, "column_required", f"The column “{name}” is missing from the header line.")


def _csv_row(number: int, line: int, header: list[str], cells: list[str]) -> SentRow:
    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
        error = RowMessage(field=None, code="too_many_cells", message="There are more cells than columns.")
        return SentRow(number, None, [error], line)
    item: dict[str, Any] = {}
    errors: list[RowMessage] = []
    for name, cell in zip(header, cells, strict=False):
        text = restored(cell.strip())
        if text == "" or name in TOLD_ONLY:
            continue
        if name.startswith("breakdown."):
            item.setdefault("breakdown", {})[name.removeprefix("breakdown.")] = text
        elif name in NUMBERS:
            _number(item, errors, name, text)
        else:
            item[name] = text
    row = _row(number, item, line)
    row.errors = [
        *errors,
        *(error for error in row.errors if error["field"] not in {e["field"] for e in errors}),
    ]
    if errors:
        row.figure = None
    return row


def _number(item: dict[str, Any], errors: list[RowMessage], name: str, text: str) -> None:
    if PLAIN_NUMBER.fullmatch(text):
        item[name] = Decimal(text)
        return
    errors.append(
        RowMessage(
            field=name, code="not_a_number", message=f"Expected a number, got “{text[:40]}”.{_hint(text)}"
        )
    )


def _hint(text: str) -> str:
    bare = text.strip("%£* ").replace(",", "")
    if PLAIN_NUMBER.fullmatch(bare):
        return f" Write it as {bare}."
    if text.lower() in ("n/a", "na", "-", "none", "unknown"):
        return " For no value, leave it empty and say why in “missing”, such as not_collected."
    return ""


def _row(number: int, item: Any, line: int | None = None) -> SentRow:
    if crowded := _crowded(item):
        return SentRow(number, None, [crowded], line)
    try:
        return SentRow(number, FigureIn.model_validate(item), line=line)
    except ValidationError as error:
        found = [field_error(finding) for finding in error.errors(include_url=False, include_input=False)]  # type: ignore[arg-type]
        return SentRow(
            number,
            None,
            [
                RowMessage(field=each["field"], code=each["code"], message=each["message"])
                for each in some_of(found, MOST_ROW_ERRORS)
            ],
            line,
        )


def _crowded(item: Any) -> RowMessage | None:
    """A million names in one row cost a gigabyte to find fault with one by one."""
    breakdown = item.get("breakdown") if isinstance(item, dict) else None
    for field, names in ((None, item), ("breakdown", breakdown)):
        if isinstance(names, dict) and len(names) > MOST_NAMES:
            message = f"It names {len(names):,} things; at most {MOST_NAMES} are taken."
            return RowMessage(field=field, code="too_many_names", message=message)
    return None


def _some(rows: list[Any]) -> None:
    if not rows:
        raise RuleBroken("figures", "figures_required", "There is no figure in it. Send at least one.")
    _count(len(rows))


def _count(rows: int) -> None:
    if rows > MOST_ROWS:
        raise Refused(422, "too_many_rows", f"Send at most {MOST_ROWS:,} rows at a time.")
