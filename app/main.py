"""The API and the UI in one process."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, cast

import httpx
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app import gc_settings
from app.api import create_api
from app.api.server.link import BASE
from app.config import Settings, settings_from_environment
from app.ui import create_ui


class ApiAndUi:
    """Routes each request to the API or the UI, by its path."""

    def __init__(self, api: ASGIApp, ui: ASGIApp) -> None:
        self.api = api
        self.ui = ui

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_api = scope["path"] == BASE or scope["path"].startswith(f"{BASE}/")
        await (self.api if is_api else self.ui)(scope, receive, send)


def in_process(api: ASGIApp) -> httpx.ASGITransport:
    """Transport for the pages' calls to an API in this process, which takes the visitor's address for its client's."""
    proxied = ProxyHeadersMiddleware(cast(Any, api), trusted_hosts="*")
    return httpx.ASGITransport(app=cast(Any, proxied), raise_app_exceptions=False)


def create_app(settings: Settings | None = None) -> Starlette:
    """Makes the application; with `SAFERPLAN_API_URL` set, its pages use the API on another machine."""
    settings = settings or settings_from_environment()
    api = create_api(settings)
    transport = None if settings.api_url else in_process(api)
    ui = create_ui(settings, transport)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for program in (api.app, ui):
                await stack.enter_async_context(program.router.lifespan_context(program))
            gc_settings.freeze_loaded_objects()
            yield
        await api.close()

    app = Starlette(lifespan=lifespan)
    # Not mounted: the pattern of a mount does not match an address with a line feed.
    app.router.default = ApiAndUi(api, ui)
    return app
