"""Renders pages from templates."""

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
from app.ui.kit import cookies, csrf, filters, visit
from app.ui.kit.form_words import form_words

WORTH_COMPRESSING = 1_000
FILTERS = (
    filters.day,
    filters.last_day,
    filters.moment,
    filters.days_away,
    filters.plain,
    filters.figure,
    filters.author_name,
    filters.who,
    filters.sentence,
    filters.pounds,
    form_words,
    parted,
)


@cache
def environment() -> Environment:
    loader = PrefixLoader(
        {"ui": PackageLoader("app.ui"), "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}
    )
    jinja = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    jinja.filters.update({each.__name__: each for each in FILTERS})
    jinja.globals.update(
        asset=assets.address,
        chart=chart,
        sparkline=sparkline,
        frames={"wide": WIDE, "narrow": NARROW},
        times=filters.times,
    )
    return jinja


SHEET_SIZE = 50


@dataclass(frozen=True)
class Sheet:
    """One sheet of a long list, and the addresses of the sheets before and after it."""

    items: list[Any]
    newer: str | None
    older: str | None


def sheet(request: Request, items: list[Any], size: int = SHEET_SIZE) -> Sheet:
    """The sheet whose number `?sheet=` gives, from 1; a number out of range gives the nearest."""
    number_text = request.query_params.get("sheet", "1")
    number = int(number_text) if number_text.isdecimal() and len(number_text) < 6 else 1
    last = max(1, -(-len(items) // size))
    number = min(max(1, number), last)

    def address(other: int) -> str:
        return str(request.url.include_query_params(sheet=other).replace(scheme="", netloc=""))

    return Sheet(
        items[(number - 1) * size : number * size],
        address(number - 1) if number > 1 else None,
        address(number + 1) if number < last else None,
    )


def sheet_at_cursor(request: Request, items: list[Any], cursor: str | None) -> Sheet:
    """A sheet of items that the API gave newest first, with links to the newest and to the next older ones."""
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
    """Renders a page. One that shows a secret is not compressed (BREACH) and sends no Referer to other sites."""
    secret = visit.secret(request)
    render = partial(
        environment().get_template(f"ui/{template}").render,
        **(context or {}),
        visit=getattr(request.state, "visit", None),
        here=visit.current_address(request),
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
    """HTML rendered in a thread while it is sent, so that a long page does not block other requests."""

    media_type = "text/html"

    def __init__(self, render: Callable[[], str], status: int, *, may_compress: bool) -> None:
        super().__init__(None, status)
        self.render_html = render
        self.may_compress = may_compress

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        accepts_gzip = assets.accepts_gzip(Request(scope))
        self.body = await to_thread.run_sync(
            self._render_body, accepts_gzip, limiter=scope["app"].state.rendering
        )
        self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)

    def _render_body(self, accepts_gzip: bool) -> bytes:
        html = self.render_html().encode()
        if not self.may_compress or len(html) < WORTH_COMPRESSING:
            return html
        self.headers["Vary"] = "Accept-Encoding"
        if not accepts_gzip:
            return html
        self.headers["Content-Encoding"] = "gzip"
        return gzip.compress(html, 6)


def redirect(to: str) -> RedirectResponse:
    """Redirects by 303, so that the browser gets the next page and a reload sends no form again."""
    return RedirectResponse(to, status_code=303)
