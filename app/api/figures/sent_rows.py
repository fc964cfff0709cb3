"""Figures as they arrive, JSON or a file, made into rows one by one: a bad row must not hide the good ones."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from app.api.server import off_loop
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
class Sent:
    """Rows, and in what form they came."""

    rows: list[SentRow]
    via: str
    sheets: list[SheetReadOut] = field(default_factory=list)
    """What was read of a file."""


async def sent_figures(request: Request, admitted: Annotated[Actor, admitting(Scope.POST_FIGURES)]) -> Sent:
    """Reads the body by its content type, before the ledger is held and off the event loop."""
    kind = media_type(request)
    if kind == JSON:
        return Sent(await run_in_threadpool(from_json, await request.json()), "json")
    if kind in FILES:
        known = await off_loop.read(request.app, lambda session: vocabulary(session, admitted))
        body = await request.body()
        found = await off_loop.unpack(request.app, lambda: from_file(FILES[kind], body, known))
        return Sent(found.rows, FILES[kind], found.sheets)
    raise Refused(
        415, "unsupported_media_type", f"Send application/json, text/csv, {XLSX} (.xlsx) or {ODS} (.ods)."
    )


def media_type(request: Request) -> str:
    """What a request says its body is, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def from_json(body: Any) -> list[SentRow]:
    """Rows of `{"figures": [...]}`."""
    if not isinstance(body, dict) or set(body) != {"figures"} or not isinstance(body["figures"], list):
        raise RuleBroken(
            "figures", "figures_required", 'Expected {"figures": [ ... ]} and nothing beside it.'
        )
    sent_row.require_rows(body["figures"])
    return [sent_row.parse_row(number, item) for number, item in enumerate(body["figures"], 1)]
