"""Methods: what an address takes, told over every route that has it."""

from collections.abc import Sequence
from typing import cast

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from app.api.server.problem import as_refused, problem


def allowed(routes: Sequence[APIRoute], path: str) -> list[str]:
    """Methods that a path takes; the framework alone would name those of one route."""
    # An address of its own (`/plans/import`) goes before a name that would fit (`/plans/{code}`).
    found = [route for route in routes if route.path == path] or [
        route for route in routes if route.path_regex.match(path)
    ]
    methods = {method for route in found for method in route.methods or ()}
    if "GET" in methods:
        methods.add("HEAD")
    return sorted({*methods, "OPTIONS"})


def install(app: FastAPI, routes: Sequence[APIRoute]) -> None:
    async def answer(request: Request, error: Exception) -> Response:
        headers = {"Allow": ", ".join(allowed(routes, request.url.path))}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
        refused = as_refused(error)
        refused.headers = headers
        return problem(cast(str, request.scope.get("saferplan.request_id", "")), refused)

    app.add_exception_handler(405, answer)
