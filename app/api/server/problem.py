"""Converts exceptions to problem documents (RFC 9457), by one table."""

import logging
import sqlite3
from collections.abc import Sequence
from typing import Any, NotRequired, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api.server.database_trouble import trouble_of
from app.api.server.encode import to_json
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
    """A refusal: status, code and text of its problem document, with further fields in `extra`."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        errors: Sequence[ProblemError] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = list(errors)
        self.headers = headers or {}
        self.extra: dict[str, Any] = {}


class Forbidden(Refused):
    """Refusal of an authenticated actor, recorded in the audit log. `need` is the scope or other authority required."""

    def __init__(self, need: str, actor: Any, code: str = "forbidden", detail: str = "") -> None:
        text = detail or f"This needs the authority “{need}”, which you do not have here."
        super().__init__(403, code, text)
        self.need = need
        self.actor = actor


def unauthenticated(detail: str) -> Refused:
    """The refusal of a request without a valid credential."""
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
OF_FILES = {"malformed": 400, "wrong": 422, "too_large": 413, "no_room": 507}


def problem(request_id: str, refused: Refused) -> Response:
    """Makes the problem document of a refusal."""
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
    return Response(to_json(body), refused.status, refused.headers, media_type=MEDIA_TYPE)


def as_refused(error: Exception) -> Refused:
    """Converts an exception, ours or the framework's, to a refusal."""
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
    """The refusal for an unexpected error: 507 or 503 if the database is full or away, else 500."""
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
    texts = {
        404: "There is nothing at this address.",
        405: "This address does not take that method.",
    }
    return texts.get(error.status_code, str(error.detail))


def _invalid(error: RequestValidationError) -> Refused:
    errors = [field_error(finding) for finding in error.errors()]
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
    """Registers the handler that answers every exception."""

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
    """Logs an unexpected error: one line if the database is full or away, the traceback if the fault is ours."""
    if refused.status == 500:
        LOG.error("Request %s failed", request_id, exc_info=error)
    elif refused.code in ("database_unavailable", "disk_full"):
        LOG.warning("Request %s: %s: %s", request_id, refused.code, first_line(error))


def first_line(error: Exception) -> str:
    """The first line of an error, for the log: a database's further lines are its statement."""
    return str(error).partition("\n")[0]


async def _record_refusal(refused: Forbidden, request: Request) -> None:
    """Records a refusal in the audit log; if that fails, the request is refused all the same."""
    try:
        await request.app.state.record_refusal(refused, request)
    except (SQLAlchemyError, Refused) as error:
        LOG.error("A refusal could not be written down: %s", first_line(error))
