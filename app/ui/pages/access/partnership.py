"""Choosing which of a person's partnerships the pages show."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit import cookies
from app.ui.kit.forms import read_form
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import require_visit

YEAR = 365 * 24 * 3600


async def show_partnership_form(request: Request) -> Response:
    await require_visit(request)
    return page(request, "access/partnership.html")


async def post_partnership(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    response = redirect("/")
    if form["partnership"] in [p["code"] for p in visit.partnerships]:
        cookies.keep(request, response, cookies.PARTNERSHIP, form["partnership"], YEAR)
    return response


routes = [
    Route("/partnership", show_partnership_form),
    Route("/partnership", post_partnership, methods=["POST"]),
]
