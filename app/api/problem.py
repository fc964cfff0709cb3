"""One error shape, and one table from exceptions to it."""

from collections.abc import Sequence
from typing import Any, NotRequired, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from app.domain.errors import Conflict, NotFound, RuleBroken

MEDIA_TYPE = "application/problem+json"


class ProblemError(TypedDict):
    field: str | None
    row: int | None
    code: str
    message: str


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


MOST_ERRORS = 200


def some_of(errors: list[ProblemError], most: int = MOST_ERRORS) -> list[ProblemError]:
    """As many as somebody could put right before trying again, and how many more there are."""
    if len(errors) <= most:
        return errors
    message = f"There are {len(errors) - most:,} more. Put these right first, then send it again."
    return [*errors[:most], {"field": None, "row": None, "code": "more_errors", "message": message}]


def as_refused(error: Exception) -> Refused:
    """The table: what each exception of ours and of the framework's means to a caller."""
    match error:
        case Refused():
            return error
        case NotFound():
            return Refused(404, "not_found", str(error))
        case Conflict():
            return Refused(409, error.code, error.message)
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


def field_error(item: dict[str, Any]) -> ProblemError:
    """One finding of the validator, in our shape. What was sent is not repeated: it may be a password."""
    where = [part for part in item["loc"] if part not in ("body", "query", "path", "header")]
    return {
        "field": shown(".".join(str(part) for part in where)) or None,
        "row": None,
        "code": plain_code(item["type"]),
        "message": plain_message(item),
    }


def shown(name: str) -> str:
    """A caller's own name for a field, which may be anything, as much of it as an answer can repeat."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name[:80])


_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "literal_error": "not_one_of",
    "enum": "not_one_of",
    "string_pattern_mismatch": "bad_code",
    "string_unicode": "bad_character",
}


def plain_code(kind: str) -> str:
    return _CODES.get(kind, kind)


def plain_message(item: dict[str, Any]) -> str:
    """What was expected, in words for whoever sent it."""
    context = item.get("ctx", {})
    match item["type"]:
        case "missing":
            return "This is required."
        case "extra_forbidden":
            return "There is no such field. Check its spelling, or leave it out."
        case "literal_error" | "enum":
            return f"Expected one of {context.get('expected', 'the listed values')}."
        case "string_pattern_mismatch":
            return "Expected a code: letters, digits, dots, dashes and underscores, beginning with a letter or digit."
        case "string_unicode":
            return "Contains a character that cannot be stored."
        case "greater_than_equal" if "ge" in context:
            return f"Expected {context['ge']} or more."
        case "less_than_equal" if "le" in context:
            return f"Expected {context['le']} or less."
        case "too_long" | "string_too_long" if "max_length" in context:
            return f"Expected at most {context['max_length']:,} {_counted(item)}."
        case "too_short" | "string_too_short" if "min_length" in context:
            return f"Expected at least {context['min_length']:,} {_counted(item)}."
    message = str(item["msg"])
    return message if message.endswith(".") else message + "."


def _counted(item: dict[str, Any]) -> str:
    return "characters" if isinstance(item.get("input"), str) else "of them"


def install(app: FastAPI) -> None:
    """Answers every exception by the table."""

    async def answer(request: Request, error: Exception) -> Response:
        refused = as_refused(error)
        if isinstance(refused, Forbidden):
            await request.app.state.remember_refusal(refused, request)
        return problem(cast(str, request.scope.get("saferplan.request_id", "")), refused)

    for kind in (Refused, NotFound, Conflict, RuleBroken, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, answer)
