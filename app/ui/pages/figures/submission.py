"""Receipts: the submissions of figures, with the outcome of each row."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import MOST
from app.ui.kit.render import SHEET_SIZE, page, sheet, sheet_at_cursor
from app.ui.kit.visit import require_visit

ROWS_ON_SHEET = 100


async def show_receipts(request: Request) -> Response:
    visit = await require_visit(request)
    cursor = request.query_params.get("cursor")
    (receipts, after), agencies = await asyncio.gather(
        visit.api.get_part("/submissions", SHEET_SIZE, order="newest", cursor=cursor),
        visit.api.get_all("/agencies", recipients="true"),
    )
    context = {
        "sheet": sheet_at_cursor(request, receipts, after),
        "agencies": {agency["code"]: agency["name"] for agency in agencies},
    }
    return page(request, "figures/receipts.html", context)


async def show_receipt(request: Request) -> Response:
    visit = await require_visit(request)
    code = request.path_params["id"]
    receipt = await visit.api.get(f"/submissions/{code}")
    agencies, returns, indicators = await asyncio.gather(
        visit.api.get_all("/agencies", recipients="true"),
        visit.api.get_all("/returns", submission=code, limit=MOST),
        visit.api.get_all("/indicators", limit=MOST),
    )
    context = {
        "receipt": receipt,
        "sheet": sheet(request, receipt["rows"], ROWS_ON_SHEET),
        "agencies": {agency["code"]: agency["name"] for agency in agencies},
        "returns": returns,
        "measured": {each["code"]: each for each in indicators},
        "just_sent": request.query_params.get("sent") == "yes",
    }
    return page(request, "figures/receipt.html", context)


routes = [Route("/receipts", show_receipts), Route("/receipts/{id}", show_receipt, name="submission")]
