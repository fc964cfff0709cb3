"""The UI as an application: its pages, static files and error pages."""

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
from app.ui.kit.forms import make_form
from app.ui.kit.headers import Protection, protect
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import FormExpired, SignedOut, current_address, require_visit

logger = logging.getLogger(__name__)


def create_ui(settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> Starlette:
    """The pages, over the API at `settings.api_url` or behind `transport`."""
    ui = Starlette(
        routes=_routes(),
        middleware=[Middleware(Protection, secure=settings.secure_cookies)],
        exception_handlers={
            SignedOut: _ask_to_sign_in,
            FormExpired: _show_form_expired,
            Problem: _show_problem,
            HTTPException: _show_http_error,
            ClientDisconnect: _end_disconnected,
            Exception: _show_failure,
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
    return [*routes, Route("/favicon.ico", _redirect_to_icon)]


async def _redirect_to_icon(request: Request) -> Response:
    return redirect(assets.address("saferplan.svg"))


async def _ask_to_sign_in(request: Request, error: Exception) -> Response:
    """Redirects to the sign-in page; a form that was posted is carried on it, where it can be."""
    is_post = request.method == "POST"
    back = current_address(request) if not is_post or _is_page_address(request) else "/"
    unsent_form = await unsent.read_unsent(request) if is_post else None
    if unsent_form is not None:
        form = make_form(next=back, unsent=unsent_form.to_json())
        return page(request, "access/sign-in.html", {"form": form}, status=401)
    query = {**({"next": back} if back != "/" else {}), **({"lost": "yes"} if is_post else {})}
    # The cookie stays, though its session has ended: forms open in other tabs are checked with it.
    return redirect(f"/sign-in?{urlencode(query)}" if query else "/sign-in")


def _is_page_address(request: Request) -> bool:
    """Whether a form's address can also be opened as a page."""
    scope = {**request.scope, "method": "GET", "path": request.url.path}
    routes: list[BaseRoute] = request.app.routes
    return any(route.matches(scope)[0] == Match.FULL for route in routes)


async def _show_form_expired(request: Request, error: Exception) -> Response:
    return page(request, "errors/form-expired.html", status=403)


async def _show_problem(request: Request, error: Exception) -> Response:
    """Shows an error page for a refusal that the page did not handle."""
    assert isinstance(error, Problem)
    if error.status == 401:
        return await _ask_to_sign_in(request, error)
    if error.status in (403, 404, 429):
        return _error_page(request, error.status, error)
    if error.status in (503, 507):
        logger.warning("the API could not answer: %s", error)
        return _error_page(request, 503, error)
    if 400 <= error.status < 500:
        return _error_page(request, 400, error)
    logger.error("the API failed: %s (request %s)", error, error.request_id)
    return _error_page(request, 500, error)


async def _show_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code if error.status_code in (400, 404, 405, 413) else 400
    if not hasattr(request.state, "visit"):
        # Who is signed in keeps the menu, though no page was found for them.
        with contextlib.suppress(SignedOut, Problem):
            await require_visit(request)
    return _error_page(request, status, headers=dict(error.headers or {}))


async def _end_disconnected(request: Request, error: Exception) -> Response:
    """Ends a request whose client has left; nobody reads the response."""
    return Response(status_code=400)


async def _show_failure(request: Request, error: Exception) -> Response:
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
