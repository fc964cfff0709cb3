"""The accessibility statement and the privacy notice, which the law requires of a council's site."""

import contextlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Problem
from app.ui.kit.render import page
from app.ui.kit.visit import SignedOut, require_visit


async def show_accessibility(request: Request) -> Response:
    return await _public_page(request, "accessibility.html")


async def show_privacy(request: Request) -> Response:
    return await _public_page(request, "privacy.html")


async def _public_page(request: Request, template: str) -> Response:
    # Anyone may read these, even while the API is down; a signed-in person also gets the menu.
    with contextlib.suppress(SignedOut, Problem):
        await require_visit(request)
    return page(request, template)


routes = [Route("/accessibility", show_accessibility), Route("/privacy", show_privacy)]
