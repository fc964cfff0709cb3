"""Adds the `Allow` header to 405 answers and to OPTIONS: the methods of every route at an address."""

from collections.abc import Sequence
from typing import cast

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from app.api.server.problem import as_refused, problem


def allowed_methods(routes: Sequence[APIRoute], path: str) -> list[str]:
    """Lists the methods of all routes at a path; the framework would name those of one route."""
    # A literal path (`/plans/import`) goes before a pattern that matches it (`/plans/{code}`).
    matching = [route for route in routes if route.path == path] or [
        route for route in routes if route.path_regex.match(path)
    ]
    methods = {method for route in matching for method in route.methods or ()}
    if "GET" in methods:
        methods.add("HEAD")
    return sorted({*methods, "OPTIONS"})


def install(app: FastAPI, routes: Sequence[APIRoute]) -> None:
    """Registers the handler that answers 405 and OPTIONS."""

    async def answer(request: Request, error: Exception) -> Response:
        headers = {"Allow": ", ".join(allowed_methods(routes, request.url.path))}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
        refused = as_refused(error)
        refused.headers = headers
        return problem(cast(str, request.scope.get("saferplan.request_id", "")), refused)

    app.add_exception_handler(405, answer)
