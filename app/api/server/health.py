"""Health checks: whether the service is alive, and whether it is ready to work."""

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
"""Least free bytes on an SQLite database's disk: a large upload and its figures still fit."""
NO_STORE = {"Cache-Control": "no-store"}


class HealthOut(TypedDict):
    status: str


class ReadyOut(TypedDict):
    status: str
    database: str
    disk: str
    migrations: str


@router.get("/health", response_model=HealthOut, responses=openapi.errors(401, 422))
async def get_health() -> Response:
    """Answers ok while the service runs, for a supervisor that restarts it. It waits for nothing."""
    return JSONResponse(HealthOut(status="ok"), headers=NO_STORE)


@router.get("/ready", response_model=ReadyOut, responses=openapi.errors(401, 422))
async def get_ready(request: Request) -> Response:
    """Answers ready if the database answers, has this version's tables, and its disk has room; else 503 and why not.

    The disk of a database server is not checked.
    """
    problems = await _recent_problems(request.app.state)
    if problems:
        message = " ".join(each["message"] for each in problems)
        raise Refused(503, "not_ready", message, problems, headers={"Retry-After": "10"})
    ready = ReadyOut(status="ready", database="ok", disk="ok", migrations="ok")
    return JSONResponse(ready, headers=NO_STORE)


async def _recent_problems(state: Any) -> list[ProblemError]:
    """Checks at most once a second, as anybody may call this."""
    async with state.health_lock:
        if time.monotonic() > state.health_checked_at + 1:
            state.health_problems = await to_thread.run_sync(
                _problems, state.database, limiter=state.health_limiter
            )
            state.health_checked_at = time.monotonic()
        problems: list[ProblemError] = state.health_problems
        return problems


def _problems(database: Database) -> list[ProblemError]:
    problems = [_database_problem(database), _disk_problem(database)]
    return [problem for problem in problems if problem is not None]


def _database_problem(database: Database) -> ProblemError | None:
    try:
        state = schema_state(database.engine)
    except SQLAlchemyError:
        message = "The database does not answer. The service goes on by itself when it does."
        return _problem("database", "database_unavailable", message)
    if state != "current":
        return _problem("migrations", "not_migrated", "The database's tables are not those of this version.")
    return None


def _disk_problem(database: Database) -> ProblemError | None:
    path = sqlite_path(database.url)
    if path is None or not path.parent.is_dir() or shutil.disk_usage(path.parent).free >= LEAST_FREE:
        return None
    return _problem("disk", "disk_full", "The database's disk is nearly full: nothing can be stored soon.")


def _problem(field: str, code: str, message: str) -> ProblemError:
    return {"field": field, "row": None, "code": code, "message": message}
