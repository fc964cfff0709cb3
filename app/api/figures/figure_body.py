"""Parses posted figures, JSON or a file, row by row, so that an invalid row does not hide the others."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from app.api.server import threads
from app.api.server.access import admitting
from app.api.server.call import JSON
from app.api.server.problem import Refused
from app.domain.access.authority import Actor, Scope
from app.domain.errors import RuleBroken
from app.files.file import from_file
from app.models.figures import sent_row
from app.models.figures.sent_row import SentRow
from app.models.figures.submission import SheetReadOut
from app.queries.plan.vocabulary import vocabulary

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
FILES = {"text/csv": "csv", XLSX: "xlsx", ODS: "xlsx"}
"""Kind by content type: a workbook of either format is an xlsx, as programs of before know no other kind."""


@dataclass(frozen=True)
class FigureBody:
    """Rows of a request's body, and their format: json, csv or xlsx."""

    rows: list[SentRow]
    via: str
    sheets: list[SheetReadOut] = field(default_factory=list)
    """What was read of a file."""


async def parse_figure_body(
    request: Request, actor: Annotated[Actor, admitting(Scope.POST_FIGURES)]
) -> FigureBody:
    """Parses the body by its content type, in a thread, before the ledger is held."""
    kind = media_type(request)
    if kind == JSON:
        return FigureBody(await run_in_threadpool(from_json, await request.json()), "json")
    if kind in FILES:
        words = await threads.read(request.app, lambda session: vocabulary(session, actor))
        body = await request.body()
        table = await threads.parse_file(request.app, lambda: from_file(FILES[kind], body, words))
        return FigureBody(table.rows, FILES[kind], table.sheets)
    text = f"Send application/json, text/csv, {XLSX} (.xlsx) or {ODS} (.ods)."
    raise Refused(415, "unsupported_media_type", text)


def media_type(request: Request) -> str:
    """The media type of a request's body, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def from_json(body: Any) -> list[SentRow]:
    """Parses the rows of `{"figures": [...]}`."""
    if not isinstance(body, dict) or set(body) != {"figures"} or not isinstance(body["figures"], list):
        raise RuleBroken(
            "figures", "figures_required", 'Expected {"figures": [ ... ]} and nothing beside it.'
        )
    sent_row.require_rows(body["figures"])
    return [sent_row.parse_row(number, fields) for number, fields in enumerate(body["figures"], 1)]
