"""Receipts: every sending of figures, and what became of each row."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import MOST, Json
from app.ui.kit.render import SHEET_SIZE, page, sheet, sheet_at_cursor
from app.ui.kit.visit import require_visit
from app.ui.pages.plan.indicator import last_part

ROWS = 100


async def show_all(request: Request) -> Response:
    visit = await require_visit(request)
    cursor = request.query_params.get("cursor")
    (receipts, after), agencies = await asyncio.gather(
        visit.api.get_part("/submissions", SHEET_SIZE, order="newest", cursor=cursor),
        visit.api.get_all("/agencies"),
    )
    context = {
        "sheet": sheet_at_cursor(request, receipts, after),
        "agencies": {agency["code"]: agency["name"] for agency in agencies},
    }
    return page(request, "figures/receipts.html", context)


async def show(request: Request) -> Response:
    visit = await require_visit(request)
    code = request.path_params["id"]
    receipt = await visit.api.get(f"/submissions/{code}")
    agencies, figures, returns, indicators = await asyncio.gather(
        visit.api.get_all("/agencies"),
        visit.api.get_all("/figures", submission=code, limit=MOST),
        visit.api.get_all("/returns", submission=code, limit=MOST),
        visit.api.get_all("/indicators", limit=MOST),
    )
    context = {
        "receipt": receipt,
        "sheet": sheet(request, rows_of(receipt, figures), ROWS),
        "agencies": {agency["code"]: agency["name"] for agency in agencies},
        "returns": returns,
        "measured": {each["code"]: each for each in indicators},
        "just_sent": request.query_params.get("sent") == "yes",
    }
    return page(request, "figures/receipt.html", context)


def rows_of(receipt: Json, figures: list[Json]) -> list[Json]:
    """Each row beside the figure it made, where that is still to be seen."""
    by_id = {figure["id"]: figure for figure in figures}
    return [{**row, "is": by_id.get(last_part(row["figure"] or ""))} for row in receipt["rows"]]


routes = [Route("/receipts", show_all), Route("/receipts/{id}", show)]
