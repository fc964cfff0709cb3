"""Pages out of templates."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, PrefixLoader
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.ui import assets, chart, cookies, csrf, told, visit
from app.ui.quantity import parted

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
        chart=chart.chart,
        sparkline=chart.sparkline,
        frames={"wide": chart.WIDE, "narrow": chart.NARROW},
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
    number = int(asked) if asked.isdigit() and len(asked) < 6 else 1
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
    headers: Mapping[str, str] | None = None,
    shows_secret: bool = False,
) -> Response:
    """A whole page. One that shows a secret goes out uncompressed and tells no other site where it was."""
    secret = visit.secret(request)
    html = (
        environment()
        .get_template(f"ui/{template}")
        .render(
            **(context or {}),
            visit=getattr(request.state, "visit", None),
            here=visit.here(request),
            path=request.url.path,
            csrf_name=csrf.FIELD,
            csrf_token=lambda: csrf.token(secret),
            demonstration=request.app.state.settings.mode == "demo",
        )
    )
    response = _answer(request, html.encode(), status, shows_secret)
    response.headers.update(headers or {})
    if shows_secret:
        response.headers["Referrer-Policy"] = "no-referrer"
    if hasattr(request.state, "new_visitor"):
        cookies.keep(request, response, cookies.VISITOR, request.state.new_visitor)
    return response


def _answer(request: Request, body: bytes, status: int, shows_secret: bool) -> Response:
    response = Response(body, status, media_type="text/html")
    if shows_secret or len(body) < WORTH_COMPRESSING:
        return response
    response.headers["Vary"] = "Accept-Encoding"
    if assets.accepts_gzip(request):
        response.body = gzip.compress(body, 6)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.body))
    return response


def go(to: str) -> RedirectResponse:
    """After a form: the next page by GET, so that reloading it sends nothing again."""
    return RedirectResponse(to, status_code=303)
