"""Messages to people by mail: sent, waiting and failed."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Problem
from app.ui.kit.forms import read_form
from app.ui.kit.render import SHEET_SIZE, page, redirect, sheet_at_cursor
from app.ui.kit.visit import require_visit


async def show_messages(request: Request) -> Response:
    visit = await require_visit(request)
    cursor = request.query_params.get("cursor")
    (messages, after), mail = await asyncio.gather(
        visit.api.get_part("/messages", SHEET_SIZE, order="newest", cursor=cursor), visit.api.get("/mail")
    )
    context = {
        "sheet": sheet_at_cursor(request, messages, after),
        "mail": mail,
        "again": request.query_params.get("again") == "yes",
    }
    return page(request, "access/messages.html", context)


async def retry_message(request: Request) -> Response:
    visit = await require_visit(request)
    await read_form(request)
    try:
        await visit.api.post(f"/messages/{request.path_params['id']}/retry", {})
    except Problem as problem:
        # Somebody else retried it first.
        if problem.code != "not_failed":
            raise
    return redirect("/messages?again=yes")


routes = [Route("/messages", show_messages), Route("/messages/{id}/retry", retry_message, methods=["POST"])]
