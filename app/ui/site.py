"""The UI as an application: its pages, its static files, and what it says when something goes wrong."""

import contextlib
import logging
from urllib.parse import urlencode

import httpx
from anyio import CapacityLimiter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route

from app.config import Settings
from app.ui import assets, pages
from app.ui.kit import client, unsent
from app.ui.kit.client import Problem
from app.ui.kit.forms import filled
from app.ui.kit.headers import Protection, protect
from app.ui.kit.render import go, page
from app.ui.kit.visit import FormExpired, SignedOut, here, signed_in

logger = logging.getLogger(__name__)


def create_ui(settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> Starlette:
    """The pages, over the API at `settings.api_url` or behind `transport`."""
    ui = Starlette(
        routes=_routes(),
        middleware=[Middleware(Protection, secure=settings.secure_cookies)],
        exception_handlers={
            SignedOut: _sign_in_first,
            FormExpired: _form_expired,
            Problem: _problem,
            HTTPException: _refused,
            ClientDisconnect: _left,
            Exception: _broken,
        },
    )
    ui.state.settings = settings
    ui.state.rendering = CapacityLimiter(1)
    ui.state.http = client.connect(settings.api_url or "http://api.invalid", transport)
    return ui


def _routes() -> list[BaseRoute]:
    routes: list[BaseRoute] = list(assets.routes)
    for module in pages.MODULES:
        routes.extend(module.routes)
    return [*routes, Route("/favicon.ico", _icon)]


async def _icon(request: Request) -> Response:
    return go(assets.address("saferplan.svg"))


async def _sign_in_first(request: Request, error: Exception) -> Response:
    """What was sent is not lost with the sign-in, where it can wait on the sign-in page."""
    sent = request.method == "POST"
    back = here(request) if not sent or _can_be_read(request) else "/"
    kept = await unsent.caught(request) if sent else None
    if kept is not None:
        form = filled(next=back, unsent=kept.as_text())
        return page(request, "access/sign-in.html", {"form": form}, status=401)
    asked = {**({"next": back} if back != "/" else {}), **({"lost": "yes"} if sent else {})}
    # The cookie stays, though its session has ended: forms open in other tabs are known for ours by it.
    return go(f"/sign-in?{urlencode(asked)}" if asked else "/sign-in")


def _can_be_read(request: Request) -> bool:
    """Whether a form's address is also that of its page."""
    asked = {**request.scope, "method": "GET", "path": request.url.path}
    routes: list[BaseRoute] = request.app.routes
    return any(route.matches(asked)[0] == Match.FULL for route in routes)


async def _form_expired(request: Request, error: Exception) -> Response:
    return page(request, "errors/form-expired.html", status=403)


async def _problem(request: Request, error: Exception) -> Response:
    """A refusal that no page foresaw."""
    assert isinstance(error, Problem)
    if error.status == 401:
        return await _sign_in_first(request, error)
    if error.status in (403, 404, 429):
        return _error_page(request, error.status, error)
    if error.status in (503, 507):
        logger.warning("the API could not answer: %s", error)
        return _error_page(request, 503, error)
    if 400 <= error.status < 500:
        return _error_page(request, 400, error)
    logger.error("the API failed: %s (request %s)", error, error.request_id)
    return _error_page(request, 500, error)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code if error.status_code in (400, 404, 405, 413) else 400
    if not hasattr(request.state, "visit"):
        # Who is signed in keeps the menu, though no page was found for them.
        with contextlib.suppress(SignedOut, Problem):
            await signed_in(request)
    return _error_page(request, status, headers=dict(error.headers or {}))


async def _left(request: Request, error: Exception) -> Response:
    """Nobody is there any more to read it."""
    return Response(status_code=400)


async def _broken(request: Request, error: Exception) -> Response:
    # Raised past every middleware, so the headers are put on here.
    response = _error_page(request, 500)
    protect(response.headers, request.app.state.settings.secure_cookies)
    return response


def _error_page(
    request: Request, status: int, problem: Problem | None = None, headers: dict[str, str] | None = None
) -> Response:
    response = page(request, f"errors/{status}.html", {"problem": problem}, status=status)
    response.headers.update(headers or {})
    if problem and problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response
