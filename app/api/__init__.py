"""The API: JSON over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import FastAPI

from app.api import routes
from app.api.server import (
    allow_header,
    description,
    idempotency,
    key_usage,
    metrics,
    openapi,
    problem,
    refusal_log,
    threads,
)
from app.api.server.gateway import Gateway
from app.config import Settings
from app.db import Database
from app.worker import Worker


def create_api(settings: Settings) -> Gateway:
    """Makes the API as an ASGI application, which opens the database, and closes it when its lifespan ends."""
    app = FastAPI(
        title="Saferplan",
        version="1.0.0",
        description=openapi.DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False},
        lifespan=_lifespan,
    )
    app.state.settings = settings
    # One connection less: the gateway reads the ledger's number on its own.
    app.state.database = Database(settings.database_url, settings.connections - 1)
    threads.install(app)
    metrics.install(app)
    refusal_log.install(app)
    key_usage.install(app)
    problem.install(app)
    allow_header.install(app, routes.ROUTES)
    idempotency.install(app)
    description.install(app)
    app.router.routes.extend(routes.ROUTES)
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    return Gateway(app, settings)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    to_thread.current_default_thread_limiter().total_tokens = threads.OTHER_THREADS
    idempotency.delete_old_answers(app.state.database)
    worker = Worker(app.state.database, app.state.settings)
    if app.state.settings.worker == "inside":
        worker.start()
        metrics.install_worker(app, worker)
    yield
    await to_thread.run_sync(worker.stop)
    await key_usage.finish(app)
    app.state.database.close()
