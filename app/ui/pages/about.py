"""What the law asks a council's site to say of itself."""

import contextlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Problem
from app.ui.kit.render import page
from app.ui.kit.visit import SignedOut, require_visit


async def accessibility(request: Request) -> Response:
    return await _public(request, "accessibility.html")


async def privacy(request: Request) -> Response:
    return await _public(request, "privacy.html")


async def _public(request: Request, template: str) -> Response:
    # Anyone may read these, the API up or down; who is signed in only adds the menu.
    with contextlib.suppress(SignedOut, Problem):
        await require_visit(request)
    return page(request, template)


routes = [Route("/accessibility", accessibility), Route("/privacy", privacy)]
