"""Parses JSON bodies exactly, and refuses unknown parameters, oversized bodies and other media types.

The standard parser turns 1e400 into infinity, rounds long numbers to a double and accepts a repeated key silently.
This one parses every number as an exact decimal (NaN too, for its field to refuse) and answers 400 to the rest.
"""

import json
from collections.abc import AsyncGenerator, Callable, Coroutine
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from inspect import iscoroutinefunction
from typing import Any

from fastapi import Request, Response
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.utils import create_model_field
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from app.api.server.access import need_of, require_credential, run_in_turn
from app.api.server.authentication import bearer
from app.api.server.idempotency import idempotency_key
from app.api.server.problem import Refused
from app.domain.errors import FileRefused, NotFound, RuleBroken
from app.models.finding import printable_name
from app.models.wire import is_printable

MIB = 1024 * 1024
UPLOAD = {"x-max-bytes": 10 * MIB}
"""For the `openapi_extra` of a route that takes files: the limit is enforced, and published."""
FROM_ANYBODY = {"x-max-bytes": 16 * 1024}
"""The same for routes without authentication."""
LONGEST_NUMBER = 100
OUT_OF_RANGE = Decimal("1E+400")
BEFORE_A_CALL = (RequestValidationError, HTTPException, RuleBroken, NotFound, FileRefused, Refused)
"""Errors that a request may raise before its sender is authenticated."""


class StrictRequest(Request):
    """A request with a size limit on its body, which it parses exactly."""

    def __init__(self, request: Request, most: int) -> None:
        super().__init__(request.scope, request.receive)
        self._most = most
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > most:
            raise too_large(most)

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """Reads the body in pieces; raises at the limit, if no length was announced."""
        size = 0
        async for piece in super().stream():
            size += len(piece)
            if size > self._most:
                raise too_large(self._most)
            yield piece

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = parse_json(await self.body())
        return self._json


class StrictRoute(APIRoute):
    """Route that checks credential, address and media type before its handler, and parses bodies exactly.

    Its `response_model` is documentation alone, as every handler gives a Response. FastAPI would compile it at each
    start: 8 MB and the better part of a second of processor time for all routes.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], *, response_model: Any, **more: Any) -> None:
        super().__init__(path, endpoint, response_model=None, **more)
        self.response_model = None if isinstance(response_model, DefaultPlaceholder) else response_model

    def compile_answer(self) -> None:
        """Compiles the shape of the answer, for the description of the API."""
        if self.response_model is not None:
            self.response_field = create_model_field(
                name=f"Response_{self.unique_id}", type_=self.response_model, mode="serialization"
            )

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        need = need_of(self.dependant)
        if not iscoroutinefunction(self.dependant.call):
            assert self.dependant.call is not None
            self.dependant.call = run_in_turn(self.dependant.call)
        handle_checked = self._with_checks(super().get_route_handler())

        async def handle(request: Request) -> Response:
            if need is None:
                return await handle_checked(request)
            bearer(request)
            if request.method != "GET":  # before a body is read, and before the ledger is waited for
                await require_credential(request, need)
            try:
                return await handle_checked(request)
            except BEFORE_A_CALL:
                await require_credential(request, need)
                raise

        return handle

    def _with_checks(
        self, handler: Callable[[Request], Coroutine[Any, Any, Response]]
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wraps a handler: checks the address, media type and size of the body first."""
        names = query_parameters(self.dependant)
        extra = self.openapi_extra or {}
        most = extra.get("x-max-bytes", MIB)
        takes_body = self.body_field is not None or "requestBody" in extra

        async def handle_checked(request: Request) -> Response:
            _require_valid_address(request, names)
            idempotency_key(request)
            _require_media_type(request, takes_json=self.body_field is not None)
            strict_request = StrictRequest(request, most)
            if not takes_body and request.method != "GET":
                await _require_no_body(strict_request)
            return await handler(strict_request)

        return handle_checked


def too_large(most: int) -> HTTPException:
    size = f"{most // MIB} MiB" if most >= MIB else f"{most // 1024} KiB"
    way = "Make it smaller, or send it in parts."
    return HTTPException(413, f"What was sent is larger than {size}, the most that is taken. {way}")


def _require_valid_address(request: Request, names: frozenset[str]) -> None:
    """Requires printable path and query, with each parameter known to the route and named once."""
    if not all(is_printable(str(part)) for part in request.path_params.values()):
        raise NotFound("Anything at this address")
    parameters = request.query_params.multi_items()
    for position, (name, text) in enumerate(parameters):
        if name not in names:
            raise unknown_parameter(name, names)
        if not is_printable(text):
            raise RuleBroken(name, "bad_character", "Contains a character that cannot be shown.")
        if name in (earlier for earlier, _ in parameters[:position]):
            raise RuleBroken(name, "parameter_twice", "Give it once.")


def _require_media_type(request: Request, *, takes_json: bool) -> None:
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Refused(415, "compressed_body", "Send the body as it is, not compressed.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if takes_json and kind != "application/json" and (kind or _carries_body(request)):
        raise Refused(415, "unsupported_media_type", "Send application/json.")


def _carries_body(request: Request) -> bool:
    return "transfer-encoding" in request.headers or request.headers.get("content-length", "0") != "0"


async def _require_no_body(request: StrictRequest) -> None:
    """Refuses a body that the route would ignore; an empty object is allowed."""
    if _carries_body(request) and b"".join((await request.body()).split()) not in (b"", b"{}"):
        text = "Nothing is taken in the body here: leave it out. What can be said goes into the address."
        raise Refused(422, "body_not_taken", text)


def query_parameters(dependant: Dependant) -> frozenset[str]:
    """Names of a route's query parameters, including fields of a model, and those of its dependencies."""
    own: set[str] = set()
    for parameter in dependant.query_params:
        model = parameter.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            own.update(field.alias or name for name, field in model.model_fields.items())
        else:
            own.add(parameter.alias)
    return frozenset(own).union(*(query_parameters(each) for each in dependant.dependencies))


def unknown_parameter(name: str, names: frozenset[str]) -> RuleBroken:
    """The refusal of a parameter that is none of `names`: a misspelt filter would be ignored silently."""
    near = get_close_matches(name, names, n=1)
    expected = f"Expected: {', '.join(sorted(names))}." if names else "None is taken."
    hint = f" Did you mean “{near[0]}”?" if near else f" {expected}"
    return RuleBroken(printable_name(name), "unknown_parameter", f"There is no such parameter here.{hint}")


def parse_json(body: bytes) -> Any:
    """Parses a JSON body, numbers as Decimal; answers 400 to invalid JSON without repeating any of it."""
    try:
        return json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object_from_pairs,
            parse_int=_decimal,
            parse_float=_decimal,
            parse_constant=Decimal,
        )
    except HTTPException:
        raise
    except UnicodeDecodeError as error:
        raise HTTPException(400, "The body is not UTF-8 text.") from error
    except RecursionError as error:
        raise HTTPException(400, "The body is nested too deeply.") from error
    except ValueError as error:
        raise HTTPException(400, "The body is not JSON.") from error


def _object_from_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise HTTPException(400, "A name stands twice in one JSON object.")
    return fields


def _decimal(text: str) -> Decimal:
    """Parses a number; replaces one too long for any field by an out-of-range number, which its field refuses."""
    try:
        return Decimal(text) if len(text) <= LONGEST_NUMBER else OUT_OF_RANGE
    except InvalidOperation:
        return OUT_OF_RANGE
