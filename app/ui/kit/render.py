"""Pages out of templates."""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from anyio import to_thread
from jinja2 import Environment, PackageLoader, PrefixLoader
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from app.drawing.chart import NARROW, WIDE, chart
from app.drawing.quantity import parted
from app.drawing.sparkline import sparkline
from app.ui import assets
from app.ui.kit import cookies, csrf, told, visit

WORTH_COMPRESSING = 1_000
FILTERS = (told.day, told.last_day, told.moment, told.plain, told.figure, told.who, told.sentence, parted)


@cache
def environment() -> Environment:
    loader = PrefixLoader(
        {"ui": PackageLoader("app.ui"), "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}
    )
    made = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.filters.update({each.__name__: each for each in FILTERS})
    made.globals.update(
        asset=assets.address,
        chart=chart,
        sparkline=sparkline,
        frames={"wide": WIDE, "narrow": NARROW},
        times=told.times,
    )
    return made


A_SHEET = 50


@dataclass(frozen=True)
class Sheet:
    """Part of a long list, and the addresses of the parts on either side."""

    items: list[Any]
    newer: str | None
    older: str | None


def sheet(request: Request, items: list[Any], size: int = A_SHEET) -> Sheet:
    """The part that `?sheet=` asks for, 1 being the first."""
    asked = request.query_params.get("sheet", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
    last = max(1, -(-len(items) // size))
    number = min(max(1, number), last)

    def address(other: int) -> str:
        return str(request.url.include_query_params(sheet=other).replace(scheme="", netloc=""))

    return Sheet(
        items[(number - 1) * size : number * size],
        address(number - 1) if number > 1 else None,
        address(number + 1) if number < last else None,
    )


def walked(request: Request, items: list[Any], cursor: str | None) -> Sheet:
    """A part as the API gives it, newest first: back to the newest of all, and on to what is older."""
    here = request.url.replace(scheme="", netloc="")
    first = str(here.remove_query_params("cursor")) if "cursor" in request.query_params else None
    return Sheet(items, first, str(here.include_query_params(cursor=cursor)) if cursor else None)


def page(
    request: Request,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    shows_secret: bool = False,
) -> Response:
    """A whole page. One that shows a secret goes out uncompressed and tells no other site where it was."""
    secret = visit.secret(request)
    render = partial(
        environment().get_template(f"ui/{template}").render,
        **(context or {}),
        visit=getattr(request.state, "visit", None),
        here=visit.here(request),
        path=request.url.path,
        csrf_name=csrf.FIELD,
        csrf_token=lambda: csrf.token(secret),
        demonstration=request.app.state.settings.mode == "demo",
    )
    response = Page(render, status, may_compress=not shows_secret)
    if shows_secret:
        response.headers["Referrer-Policy"] = "no-referrer"
    if hasattr(request.state, "new_visitor"):
        cookies.keep(request, response, cookies.VISITOR, request.state.new_visitor)
    return response


class Page(Response):
    """HTML that is made in a thread when it is sent: a long page keeps nobody else waiting."""

    media_type = "text/html"

    def __init__(self, render: Callable[[], str], status: int, *, may_compress: bool) -> None:
        super().__init__(None, status)
        self.render_html = render
        self.may_compress = may_compress

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        packs = self.may_compress and assets.accepts_gzip(Request(scope))
        self.body = await to_thread.run_sync(self._made, packs, limiter=scope["app"].state.rendering)
        self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)

    def _made(self, packs: bool) -> bytes:
        html = self.render_html().encode()
        if not self.may_compress or len(html) < WORTH_COMPRESSING:
            return html
        self.headers["Vary"] = "Accept-Encoding"
        if not packs:
            return html
        self.headers["Content-Encoding"] = "gzip"
        return gzip.compress(html, 6)


def go(to: str) -> RedirectResponse:
    """After a form: the next page by GET, so that reloading it sends nothing again."""
    return RedirectResponse(to, status_code=303)
