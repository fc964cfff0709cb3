"""Reading a JSON body without losing or inventing anything.

The standard parser takes NaN, turns 1e400 into infinity, rounds long numbers to a double and lets a
repeated key win silently. This one hands numbers on as exact decimals and refuses the rest.
"""

import json
from collections.abc import Callable, Coroutine
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from app.api.problem import Refused
from app.domain.errors import RuleBroken

LONGEST_NUMBER = 100
EVERYWHERE = {"partnership", "format"}
"""Query parameters every route takes."""


class ExactRequest(Request):
    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = exact_json(await self.body())
        return self._json


class ExactRoute(APIRoute):
    """Gives handlers the exact request, and refuses what its route does not take."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()
        known = query_parameters(self.dependant) | EVERYWHERE

        async def exact(request: Request) -> Response:
            if request.headers.get("content-encoding", "identity") != "identity":
                raise Refused(415, "compressed_body", "Send the body as it is, not compressed.")
            for name in request.query_params:
                if name not in known:
                    raise unknown_parameter(name, known)
            return await handler(ExactRequest(request.scope, request.receive))

        return exact


def query_parameters(dependant: Dependant) -> frozenset[str]:
    """Names of a route's query parameters, and of those that what it depends on takes."""
    own = frozenset(parameter.alias for parameter in dependant.query_params)
    return own.union(*(query_parameters(each) for each in dependant.dependencies))


def unknown_parameter(name: str, known: frozenset[str]) -> RuleBroken:
    """A misspelt filter would otherwise answer a question nobody asked."""
    near = get_close_matches(name, known, n=1)
    meant = f" Did you mean “{near[0]}”?" if near else f" Expected: {', '.join(sorted(known))}."
    return RuleBroken(name[:80], "unknown_parameter", f"There is no such parameter here.{meant}")


def exact_json(body: bytes) -> Any:
    """The document a body holds, numbers as Decimal; a 400 that repeats nothing of it when it holds none."""
    try:
        return json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_decimal,
            parse_float=_decimal,
            parse_constant=_constant,
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
    return Decimal(text) if len(text) <= LONGEST_NUMBER else Decimal("1E+400")


def _constant(_name: str) -> NoReturn:
    raise Refused(
        422, "not_a_number", "NaN and Infinity are not numbers that JSON has, or that a figure can be."
    )
