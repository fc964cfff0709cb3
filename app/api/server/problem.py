"""One error shape, and one table from exceptions to it."""

import logging
import sqlite3
from collections.abc import Sequence
from typing import Any, NotRequired, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from app.api.server.database_trouble import trouble_of
from app.database_file import DatabaseReplaced
from app.domain.errors import Conflict, FileRefused, NotFound, RuleBroken
from app.models.finding import ProblemError, field_error, some_of

LOG = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


class ProblemOut(TypedDict):
    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[ProblemError]
    counts: NotRequired[dict[str, int]]
    rows: NotRequired[list[dict[str, Any]]]


class Refused(Exception):
    """A refusal with its status, code and words; anything else the answer carries is in `extra`."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        errors: Sequence[ProblemError] = (),
        headers: dict[str, str] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = list(errors)
        self.headers = headers or {}
        self.extra = extra or {}


class Forbidden(Refused):
    """Known, and not allowed: kept in the audit record. `need` is the scope, or what else, that was wanting."""

    def __init__(self, need: str, actor: Any, code: str = "forbidden", detail: str = "") -> None:
        words = detail or f"This needs the authority “{need}”, which you do not have here."
        super().__init__(403, code, words)
        self.need = need
        self.actor = actor


def unauthenticated(detail: str) -> Refused:
    return Refused(401, "unauthenticated", detail, headers={"WWW-Authenticate": "Bearer"})


TITLES = {
    400: "Not understood",
    401: "Sign in, or send a valid key",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    408: "Too slow",
    409: "In conflict with what is there",
    412: "Changed meanwhile",
    413: "Too large",
    414: "Address too long",
    415: "Not a format taken here",
    422: "Needs correcting",
    428: "Say which version you mean",
    429: "Too many requests",
    431: "Headers too large",
    500: "Something went wrong at our end",
    501: "Not known here",
    503: "Not available just now",
    505: "Not a version of HTTP taken here",
    507: "No room left",
}
CODES = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
}
OF_FILES = {"malformed": 400, "wrong": 422, "too_large": 413}


def problem(request_id: str, refused: Refused) -> JSONResponse:
    """The answer to a refusal."""
    body = {
        "type": f"urn:saferplan:problem:{refused.code}",
        "title": TITLES.get(refused.status, "Refused"),
        "status": refused.status,
        "detail": refused.detail,
        "code": refused.code,
        "request_id": request_id,
        "errors": some_of(refused.errors),
        **refused.extra,
    }
    return JSONResponse(body, refused.status, refused.headers, media_type=MEDIA_TYPE)


def as_refused(error: Exception) -> Refused:
    """The table: what each exception of ours and of the framework's means to a caller."""
    match error:
        case Refused():
            return error
        case NotFound():
            return Refused(404, "not_found", str(error))
        case Conflict():
            return Refused(409, error.code, error.message)
        case DatabaseReplaced():
            return Refused(503, "database_replaced", str(error), headers={"Retry-After": "60"})
        case FileRefused():
            return Refused(OF_FILES[error.why], error.code, error.message)
        case RuleBroken():
            return Refused(
                422,
                error.code,
                error.message,
                [{"field": error.field, "row": None, "code": error.code, "message": error.message}],
            )
        case ClientDisconnect():
            return Refused(400, "incomplete", "The request ended before its body did.")
        case RequestValidationError():
            return _invalid(error)
        case HTTPException():
            return Refused(
                error.status_code,
                CODES.get(error.status_code, "refused"),
                _detail(error),
                headers=dict(error.headers or {}),
            )
    return _failure(error)


def _failure(error: Exception) -> Refused:
    """What went wrong at our end: the database's trouble, or a fault of ours."""
    match trouble_of(error):
        case "full":
            message = (
                "There is no room left to store anything, and nothing of this was. "
                "Whoever runs the service has to make some."
            )
            return Refused(507, "disk_full", message, headers={"Retry-After": "60"})
        case "away":
            message = "The database does not answer just now. The service goes on by itself when it does: try again."
            return Refused(503, "database_unavailable", message, headers={"Retry-After": "5"})
    message = "It has been noted. Nothing you sent was stored; try again in a little while."
    return Refused(500, "internal", message)


def _detail(error: HTTPException) -> str:
    words = {
        404: "There is nothing at this address.",
        405: "This address does not take that method.",
    }
    return words.get(error.status_code, str(error.detail))


def _invalid(error: RequestValidationError) -> Refused:
    errors = [field_error(item) for item in error.errors()]
    return Refused(422, "invalid", "Some of what was sent needs correcting; nothing was stored.", errors)


OURS = (
    Refused,
    NotFound,
    Conflict,
    DatabaseReplaced,
    FileRefused,
    RuleBroken,
    RequestValidationError,
    HTTPException,
    ClientDisconnect,
    SQLAlchemyError,
    sqlite3.Error,
    Exception,
)


def install(app: FastAPI) -> None:
    """Answers every exception by the table."""

    async def answer(request: Request, error: Exception) -> Response:
        refused = as_refused(error)
        request_id = cast(str, request.scope.get("saferplan.request_id", ""))
        note_failure(request_id, refused, error)
        if isinstance(refused, Forbidden):
            await _record_refusal(refused, request)
        return problem(request_id, refused)

    for kind in OURS:
        app.add_exception_handler(kind, answer)


def note_failure(request_id: str, refused: Refused, error: Exception) -> None:
    """Logs what went wrong at our end: a line where the database is in trouble, the whole where the fault is ours."""
    if refused.status == 500:
        LOG.error("Request %s failed", request_id, exc_info=error)
    elif refused.code in ("database_unavailable", "disk_full"):
        LOG.warning("Request %s: %s: %s", request_id, refused.code, first_line(error))


def first_line(error: Exception) -> str:
    """For the log: the rest of what a database says is its statement."""
    return str(error).partition("\n")[0]


async def _record_refusal(refused: Forbidden, request: Request) -> None:
    """Records a refusal in the audit log; if that fails, the request is refused all the same."""
    try:
        await request.app.state.record_refusal(refused, request)
    except (SQLAlchemyError, Refused) as error:
        LOG.error("A refusal could not be written down: %s", first_line(error))
