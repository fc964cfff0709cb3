"""One error shape, and one table from exceptions to it."""

from collections.abc import Sequence
from typing import Any, NotRequired, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from app.domain.errors import Conflict, FileRefused, NotFound, RuleBroken
from app.models.finding import ProblemError, field_error, some_of

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
    409: "In conflict with what is there",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Not a format taken here",
    422: "Needs correcting",
    428: "Say which version you mean",
    429: "Too many requests",
    500: "Something went wrong at our end",
    503: "Not available just now",
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
        case FileRefused():
            return Refused(OF_FILES[error.why], error.code, error.message)
        case RuleBroken():
            return Refused(
                422,
                error.code,
                error.message,
                [{"field": error.field, "row": None, "code": error.code, "message": error.message}],
            )
        case RequestValidationError():
            return _invalid(error)
        case HTTPException():
            return Refused(
                error.status_code,
                CODES.get(error.status_code, "refused"),
                _detail(error),
                headers=dict(error.headers or {}),
            )
    return Refused(
        500, "internal", "It has been noted. Nothing you sent was stored; try again in a little while."
    )


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
    FileRefused,
    RuleBroken,
    RequestValidationError,
    HTTPException,
    Exception,
)


def install(app: FastAPI) -> None:
    """Answers every exception by the table."""

    async def answer(request: Request, error: Exception) -> Response:
        refused = as_refused(error)
        if isinstance(refused, Forbidden):
            await request.app.state.remember_refusal(refused, request)
        return problem(cast(str, request.scope.get("saferplan.request_id", "")), refused)

    for kind in OURS:
        app.add_exception_handler(kind, answer)
