"""Reading a JSON body without losing or inventing anything.

The standard parser turns 1e400 into infinity, rounds long numbers to a double and lets a repeated key win
silently. This one hands numbers on as exact decimals (NaN too, for its field to refuse) and refuses the rest.
"""

import json
from collections.abc import AsyncGenerator, Callable, Coroutine
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from inspect import iscoroutinefunction
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from app.api.server.access import need_of, require_credential, run_in_turn
from app.api.server.authentication import bearer
from app.api.server.problem import Refused
from app.domain.errors import FileRefused, NotFound, RuleBroken
from app.models.finding import printable_name
from app.models.wire import is_printable

MIB = 1024 * 1024
UPLOAD = {"x-max-bytes": 10 * MIB}
"""Goes into the `openapi_extra` of a route that takes files: it is enforced from there, and published."""
FROM_ANYBODY = {"x-max-bytes": 16 * 1024}
"""The same for the few routes that are open to all."""
LONGEST_NUMBER = 100
OUT_OF_RANGE = Decimal("1E+400")
BEFORE_A_CALL = (RequestValidationError, HTTPException, RuleBroken, NotFound, FileRefused, Refused)
"""What may be wrong with a request before anybody has looked at who sent it."""


class ExactRequest(Request):
    def __init__(self, request: Request, most: int) -> None:
        super().__init__(request.scope, request.receive)
        self._most = most
        given = request.headers.get("content-length", "")
        if given.isdecimal() and int(given) > most:
            raise too_large(most)

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """Stops at the limit where no length was given beforehand."""
        size = 0
        async for piece in super().stream():
            size += len(piece)
            if size > self._most:
                raise too_large(self._most)
            yield piece

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = exact_json(await self.body())
        return self._json


class ExactRoute(APIRoute):
    """Gives handlers the exact request, and refuses what its route does not take."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        need = need_of(self.dependant)
        if not iscoroutinefunction(self.dependant.call):
            assert self.dependant.call is not None
            self.dependant.call = run_in_turn(self.dependant.call)
        checked = self._checking(super().get_route_handler())

        async def exact(request: Request) -> Response:
            if need is None:
                return await checked(request)
            bearer(request)
            if request.method != "GET":  # before a body is read, and before the ledger is waited for
                await require_credential(request, need)
            try:
                return await checked(request)
            except BEFORE_A_CALL:
                await require_credential(request, need)
                raise

        return exact

    def _checking(
        self, handler: Callable[[Request], Coroutine[Any, Any, Response]]
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        known = query_parameters(self.dependant)
        said = self.openapi_extra or {}
        most = said.get("x-max-bytes", MIB)
        takes_body = self.body_field is not None or "requestBody" in said

        async def checked(request: Request) -> Response:
            _address(request, known)
            _media_type(request, takes_json=self.body_field is not None)
            read = ExactRequest(request, most)
            if not takes_body and request.method != "GET":
                await _nothing_in(read)
            return await handler(read)

        return checked


def too_large(most: int) -> HTTPException:
    size = f"{most // MIB} MiB" if most >= MIB else f"{most // 1024} KiB"
    return HTTPException(413, f"The body is larger than is taken here: {size}.")


def _address(request: Request, known: frozenset[str]) -> None:
    """What stands in the address can be looked up, and each parameter is one the route takes, given once."""
    if not all(is_printable(str(part)) for part in request.path_params.values()):
        raise NotFound("Anything at this address")
    given = request.query_params.multi_items()
    for position, (name, value) in enumerate(given):
        if name not in known:
            raise unknown_parameter(name, known)
        if not is_printable(value):
            raise RuleBroken(name, "bad_character", "Contains a character that cannot be shown.")
        if name in (earlier for earlier, _ in given[:position]):
            raise RuleBroken(name, "parameter_twice", "Give it once.")


def _media_type(request: Request, *, takes_json: bool) -> None:
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Refused(415, "compressed_body", "Send the body as it is, not compressed.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if takes_json and kind != "application/json" and (kind or _carries_body(request)):
        raise Refused(415, "unsupported_media_type", "Send application/json.")


def _carries_body(request: Request) -> bool:
    return "transfer-encoding" in request.headers or request.headers.get("content-length", "0") != "0"


async def _nothing_in(request: ExactRequest) -> None:
    """What is sent to a route that takes nothing would be ignored without a word. An empty object says nothing."""
    if _carries_body(request) and b"".join((await request.body()).split()) not in (b"", b"{}"):
        text = "Nothing is taken in the body here: leave it out. What can be said goes into the address."
        raise Refused(422, "body_not_taken", text)


def query_parameters(dependant: Dependant) -> frozenset[str]:
    """Names of a route's query parameters, and of those that what it depends on takes."""
    own = frozenset(parameter.alias for parameter in dependant.query_params)
    return own.union(*(query_parameters(each) for each in dependant.dependencies))


def unknown_parameter(name: str, known: frozenset[str]) -> RuleBroken:
    """A misspelt filter would otherwise answer a question nobody asked."""
    near = get_close_matches(name, known, n=1)
    expected = f"Expected: {', '.join(sorted(known))}." if known else "None is taken."
    meant = f" Did you mean “{near[0]}”?" if near else f" {expected}"
    return RuleBroken(printable_name(name), "unknown_parameter", f"There is no such parameter here.{meant}")


def exact_json(body: bytes) -> Any:
    """The document a body holds, numbers as Decimal; a 400 that repeats nothing of it when it holds none."""
    try:
        return json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
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


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise HTTPException(400, "A name stands twice in one JSON object.")
    return made


def _decimal(text: str) -> Decimal:
    """A number too long to be a figure is kept short and out of range, so that its row says so."""
    try:
        return Decimal(text) if len(text) <= LONGEST_NUMBER else OUT_OF_RANGE
    except InvalidOperation:
        return OUT_OF_RANGE
