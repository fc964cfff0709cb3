"""The published description: what each route can answer, said once, and the document's own words."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from app.api.access import PUBLIC
from app.api.problem import MEDIA_TYPE, TITLES, ProblemOut

DESCRIPTION = """Everything Saferplan knows, and the only way in: its own pages use these endpoints.

Send a key or a session token as `Authorization: Bearer …`. Numbers are exact; periods are written
`2017-18`, `2017-18-Q2`, `2017-09` or `2016-10/2017-09`; instants are RFC 3339 in UTC. Lists page by
`next`, and `updated_since=<as_of>` gives exactly what changed. Errors are problem documents: branch on `code`."""

ALWAYS = (429, 500)


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals a route documents, beside those every route can give."""
    return {
        status: {
            "description": TITLES[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted({*statuses, *ALWAYS})
    }


READ = errors(401, 403, 404, 422)
WRITE = errors(400, 401, 403, 404, 409, 413, 415, 422)
EDIT = errors(400, 401, 403, 404, 409, 412, 413, 415, 422, 428)
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "You have it already (If-None-Match)"}}
LIST: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
    **NOT_MODIFIED,
    **READ,
}
ONE: dict[int | str, dict[str, Any]] = {**NOT_MODIFIED, **READ}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            openapi_version="3.1.0",
            description=app.description,
            routes=app.routes,
        )
        components = made.setdefault("components", {})
        components.setdefault("schemas", {})["Problem"] = TypeAdapter(ProblemOut).json_schema(
            ref_template="#/components/schemas/{model}"
        )
        _lift(components["schemas"])
        components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        _tidy(made)
        app.openapi_schema = made
    return app.openapi_schema


def _lift(schemas: dict[str, Any]) -> None:
    """Nested definitions stand beside the others, where references look for them."""
    for schema in list(schemas.values()):
        schemas.update(schema.pop("$defs", {}))


def _tidy(made: dict[str, Any]) -> None:
    """Names who needs to be known where, and drops the framework's own error shapes."""
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            if (method.upper(), path) not in PUBLIC:
                operation["security"] = [{"bearer": []}]
            kept = operation["responses"].get("422")
            if kept and "HTTPValidationError" in str(kept):
                del operation["responses"]["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        made["components"]["schemas"].pop(name, None)
