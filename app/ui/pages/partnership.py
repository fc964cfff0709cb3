"""Which of a person's partnerships is being looked at."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui import cookies
from app.ui.forms import posted
from app.ui.render import go, page
from app.ui.visit import signed_in

YEAR = 365 * 24 * 3600


async def ask(request: Request) -> Response:
    await signed_in(request)
    return page(request, "partnership.html")


async def choose(request: Request) -> Response:
    visit = await signed_in(request)
    form = await posted(request)
    response = go("/")
    if form["partnership"] in [p["code"] for p in visit.partnerships]:
        cookies.keep(request, response, cookies.PARTNERSHIP, form["partnership"], YEAR)
    return response


routes = [Route("/partnership", ask), Route("/partnership", choose, methods=["POST"])]
