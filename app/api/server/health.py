"""Whether the service is alive, and whether it is ready to work."""

import shutil
import time
from typing import Any

from anyio import to_thread
from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from app.api.server import openapi
from app.api.server.base import make_router
from app.api.server.problem import Refused
from app.db import Database, sqlite_path
from app.models.finding import ProblemError
from app.queries.schema import schema_state

router = make_router("service")
LEAST_FREE = 64 * 1024 * 1024
"""Bytes on an embedded database's disk: a large upload and its figures still fit."""
NOT_KEPT = {"Cache-Control": "no-store"}


class HealthOut(TypedDict):
    status: str


class ReadyOut(TypedDict):
    status: str
    database: str
    disk: str
    migrations: str


@router.get("/health", response_model=HealthOut, responses=openapi.errors(401, 422))
async def get_health() -> Response:
    """Says ok while the service answers at all, for whoever would start it anew. It waits for nothing."""
    return JSONResponse(HealthOut(status="ok"), headers=NOT_KEPT)


@router.get("/ready", response_model=ReadyOut, responses=openapi.errors(401, 422))
async def get_ready(request: Request) -> Response:
    """Says ready when the database answers, has this version's tables, and its disk has room; else 503 and why not.

    A server's own disk is watched over there.
    """
    wrong = await _look(request.app.state)
    if wrong:
        message = " ".join(each["message"] for each in wrong)
        raise Refused(503, "not_ready", message, wrong, headers={"Retry-After": "10"})
    ready = ReadyOut(status="ready", database="ok", disk="ok", migrations="ok")
    return JSONResponse(ready, headers=NOT_KEPT)


async def _look(state: Any) -> list[ProblemError]:
    """One look a second serves everybody: the address is open to all."""
    async with state.looking:
        if time.monotonic() > state.looked_at + 1:
            state.looked = await to_thread.run_sync(_problems, state.database, limiter=state.watching)
            state.looked_at = time.monotonic()
        found: list[ProblemError] = state.looked
        return found


def _problems(database: Database) -> list[ProblemError]:
    found = [_database(database), _disk(database)]
    return [each for each in found if each is not None]


def _database(database: Database) -> ProblemError | None:
    try:
        state = schema_state(database.engine)
    except SQLAlchemyError:
        message = "The database does not answer. The service goes on by itself when it does."
        return _problem("database", "database_unavailable", message)
    if state != "current":
        return _problem("migrations", "not_migrated", "The database's tables are not those of this version.")
    return None


def _disk(database: Database) -> ProblemError | None:
    path = sqlite_path(database.url)
    if path is None or not path.parent.is_dir() or shutil.disk_usage(path.parent).free >= LEAST_FREE:
        return None
    return _problem("disk", "disk_full", "The database's disk is nearly full: nothing can be stored soon.")


def _problem(field: str, code: str, message: str) -> ProblemError:
    return {"field": field, "row": None, "code": code, "message": message}
