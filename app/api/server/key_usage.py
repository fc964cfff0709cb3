"""Records when a key or a session was last used, after its answer was sent."""

import asyncio
import logging
from datetime import UTC, datetime

from fastapi import FastAPI
from sqlalchemy import Connection, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.server import threads
from app.api.server.problem import Refused, first_line
from app.models.access.key import ApiKey
from app.models.access.person import SignIn
from app.models.access.token import token_hash

LOG = logging.getLogger(__name__)


def install(app: FastAPI) -> None:
    app.state.usage_tasks = set()
    app.add_middleware(UsageRecorder)


class UsageRecorder:
    """ASGI layer: records the use of a credential in the background, each credential once at a time."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._running: set[str] = set()
        """Tokens whose use is being recorded."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)
        token = scope.get("state", {}).get("note_use") if scope["type"] == "http" else None
        if token is None or token in self._running:
            return
        self._running.add(token)
        tasks: set[asyncio.Task[None]] = scope["app"].state.usage_tasks
        task = asyncio.create_task(self._record(scope["app"], token))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def _record(self, app: FastAPI, token: str) -> None:
        try:
            await threads.write_without_seq(
                app, lambda connection: set_last_used(connection, token, datetime.now(UTC))
            )
        except (Refused, SQLAlchemyError) as error:
            LOG.warning("The last use of a credential could not be noted: %s", first_line(error))
        except Exception:
            LOG.exception("The last use of a credential could not be noted")
        finally:
            self._running.discard(token)


def set_last_used(connection: Connection, token: str, clock: datetime) -> None:
    """Sets the time of last use on the session or key of a token."""
    hashed = token_hash(token)
    for model, column in ((SignIn, SignIn.token_hash), (ApiKey, ApiKey.secret_hash)):
        connection.execute(update(model).where(col(column) == hashed).values(last_used_at=clock))


async def finish(app: FastAPI) -> None:
    """Waits for the recording tasks, before the database is closed."""
    if app.state.usage_tasks:
        await asyncio.wait(app.state.usage_tasks)
