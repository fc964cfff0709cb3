"""Parses posted figures, JSON or a file, row by row, so that an invalid row does not hide the others."""

from dataclasses import dataclass
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
from app.queries.plan.indicator import measures_by_code

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES = {"text/csv": "csv", XLSX: "xlsx"}


@dataclass(frozen=True)
class FigureBody:
    """Rows of a request's body, and their format: json, csv or xlsx."""

    rows: list[SentRow]
    via: str


async def parse_body(request: Request, actor: Annotated[Actor, admitting(Scope.POST_FIGURES)]) -> FigureBody:
    """Parses the body by its content type, in a thread, before the ledger is held."""
    kind = media_type(request)
    if kind == JSON:
        return FigureBody(await run_in_threadpool(from_json, await request.json()), "json")
    if kind in FILES:
        measure_by_code = await threads.read(request.app, lambda session: measures_by_code(session, actor))
        body = await request.body()
        table = await threads.parse_file(request.app, lambda: from_file(FILES[kind], body, measure_by_code))
        return FigureBody(table.rows, FILES[kind])
    raise Refused(415, "unsupported_media_type", f"Send application/json, text/csv or {XLSX} (.xlsx).")


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
