"""What a test that walks every route sends to one, so that a new noun is walked without being listed.

A body is the published example of what the route takes; a code is that of a thing in the route's own list.
"""

from typing import Any

from fastapi.routing import APIRoute

from app.api.server.link import BASE
from tests.build import Service
from tests.contract.test_wrong_shape import DOCUMENT, Schema, resolved

CHOSEN = {"/indicators": "asb-incidents"}
"""Where one of a list shows more than its first: this has figures, a baseline and a target."""


def method_of(route: APIRoute) -> str:
    (method,) = route.methods or {""}
    return method


def path_of(route: APIRoute) -> str:
    """Below the base."""
    return route.path.removeprefix(BASE)


def example_for(route: APIRoute) -> dict[str, Any] | None:
    """The published example of the JSON that a route takes; None where it takes none."""
    operation = DOCUMENT["paths"][route.path][method_of(route).lower()]
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    schema: Schema = resolved(content["application/json"]["schema"])
    example: dict[str, Any] = schema["examples"][0]
    return example


async def code_in(service: Service, token: str, path: str) -> str:
    """A code for a path such as `/plans/{code}/document`: one that is in the list at its beginning."""
    address = "/" + path.split("/")[1]
    if address in CHOSEN:
        return CHOSEN[address]
    first, *_ = await service.items(address, token)
    code: str = first["code"]
    return code
