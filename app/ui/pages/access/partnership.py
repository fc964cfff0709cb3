"""Which of a person's partnerships is being looked at."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit import cookies
from app.ui.kit.forms import posted
from app.ui.kit.render import go, page
from app.ui.kit.visit import signed_in

YEAR = 365 * 24 * 3600


async def ask(request: Request) -> Response:
    await signed_in(request)
    return page(request, "access/partnership.html")


async def choose(request: Request) -> Response:
    visit = await signed_in(request)
    form = await posted(request)
    response = go("/")
    if form["partnership"] in [p["code"] for p in visit.partnerships]:
        cookies.keep(request, response, cookies.PARTNERSHIP, form["partnership"], YEAR)
    return response


routes = [Route("/partnership", ask), Route("/partnership", choose, methods=["POST"])]
