"""Makes the OpenAPI document: the answers that routes share, and its texts."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from app.api.server import example
from app.api.server.access import PUBLIC
from app.api.server.breaking import breaking
from app.api.server.problem import MEDIA_TYPE, TITLES, ProblemOut
from app.api.server.strict_json import StrictRoute
from app.models.figures.figure import FiguresIn
from app.models.wire import In

DESCRIPTION = """Everything Saferplan knows, and the only way in: its own pages use these endpoints.

Send a key or a session token as `Authorization: Bearer …`. Numbers are exact; periods are written
`2017-18`, `2017-18-Q2`, `2017-09` or `2016-10/2017-09`; instants are RFC 3339 in UTC. Lists page by
`next`, and `updated_since=<as_of>` gives exactly what changed. Errors are problem documents: branch on `code`.
What a request has no place for (a parameter, a field, a body) is refused, never ignored.

A request line may be 8 kB long (414); there may be 64 headers, of 8 kB each and 32 kB together (431). A body is
1 MiB at most, or as many bytes as `x-max-bytes` of its operation says (413). A request whose head, or whose next
16 kB, takes longer than 30 seconds is ended (408). Any of these and any refusal of a key may come before a body
was read, and then ends the connection; so may 503 with `Retry-After` where too many are connected.

As `text/csv` a list has the same columns on every page, so that pages can be put one after another: one for each
field, nested names joined by a dot; lists and free objects are JSON in one cell; figures have a
`breakdown.<dimension>` for every dimension of the indicators asked about, and go in again as they come out."""

ALWAYS = (429, 500, 503, 507)


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Documents the refusals of a route, beside those of every route."""
    return {
        status: {
            "description": TITLES[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted({*statuses, *ALWAYS})
    }


READ = errors(401, 403, 404, 422)
WRITE = errors(400, 401, 403, 404, 409, 413, 415, 422)
STEP = errors(400, 401, 403, 404, 409, 412, 413, 415, 422)
"""A step that honours If-Match and does not ask for it."""
EDIT = errors(400, 401, 403, 404, 409, 412, 413, 415, 422, 428)
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "You have it already (If-None-Match)"}}
LIST: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
    **NOT_MODIFIED,
    **READ,
}
ONE: dict[int | str, dict[str, Any]] = {**NOT_MODIFIED, **READ}


def document(app: FastAPI) -> dict[str, Any]:
    """Makes the OpenAPI 3.1 document, once."""
    if app.openapi_schema is None:
        for route in app.routes:
            if isinstance(route, StrictRoute):
                route.compile_answer()
        spec = get_openapi(
            title=app.title,
            version=app.version,
            openapi_version="3.1.0",
            description=app.description,
            routes=app.routes,
        )
        schemas = spec["components"]["schemas"]
        schemas["Problem"] = _schema(ProblemOut)
        schemas["FiguresIn"] = _schema(FiguresIn)
        _lift(schemas)
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for name, content in _examples(schemas):
            schemas[name]["examples"] = [content]
        spec["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        spec["components"]["headers"] = HEADERS
        for path, methods in spec["paths"].items():
            for method, operation in methods.items():
                _complete(method.upper(), path, operation)
        app.openapi_schema = spec
    return app.openapi_schema


def _examples(schemas: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Examples by name of schema: those of `example`, then each shape's own."""
    yield from example.SCHEMAS.items()
    for shape in _shapes(In):
        if shape.EXAMPLE is not None and shape.__name__ in schemas:
            yield shape.__name__, shape.EXAMPLE


def _shapes(base: type[In]) -> Iterator[type[In]]:
    """Shapes of requests, and those that extend them."""
    for shape in base.__subclasses__():
        yield shape
        yield from _shapes(shape)


def refuse_breaking(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Raises ValueError if the new document would break a client of the old one, within one major version."""
    majors = [each["info"]["version"].partition(".")[0] for each in (old, new)]
    changes = breaking(old, new) if majors[0] == majors[1] else []
    if changes:
        raise ValueError("Programs written against the API as it was would break: " + "; ".join(changes))


def as_file(content: dict[str, Any]) -> str:
    """Formats a document as in openapi/."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _schema(kind: Any) -> dict[str, Any]:
    return TypeAdapter(kind).json_schema(ref_template="#/components/schemas/{model}")


def _lift(schemas: dict[str, Any]) -> None:
    """Moves nested definitions to the top level, where references point."""
    for schema in list(schemas.values()):
        schemas.update(schema.pop("$defs", {}))


def _complete(method: str, path: str, operation: dict[str, Any]) -> None:
    """Adds the parts that all operations share: summary, authentication, headers, examples."""
    operation["summary"] = operation["description"].partition(".")[0].partition(":")[0]
    if (method, path) not in PUBLIC:
        operation["security"] = [{"bearer": []}]
    parameters = operation.setdefault("parameters", [])
    for parameter in parameters:
        if parameter["name"] in example.PARAMETERS:
            parameter["example"] = example.PARAMETERS[parameter["name"]]
    parameters.extend(_request_headers(method, operation))
    for status, response in operation["responses"].items():
        response["headers"] = {name: _refer(name) for name in _answer_headers(status, operation["responses"])}


def _request_headers(method: str, operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if method == "POST" and "security" in operation:
        yield _header(
            "Idempotency-Key", "The same key and request again: the same answer.", minLength=1, maxLength=255
        )
    if "412" in operation["responses"]:
        without = "428 without it" if "428" in operation["responses"] else "412 if it has changed since"
        yield _header("If-Match", f"The ETag of what was read; {without}.")
    if "304" in operation["responses"]:
        yield _header("If-None-Match", "The ETag of what you have.")


def _answer_headers(status: str, responses: dict[str, Any]) -> Iterator[str]:
    yield from ("X-Request-ID", "RateLimit", "RateLimit-Policy")
    if status in ("429", "503", "507"):
        yield "Retry-After"
    if status in ("200", "304") and "304" in responses:
        yield "ETag"
    if "text/csv" in responses[status].get("content", {}):
        yield "Link"


def _header(name: str, description: str, **lengths: int) -> dict[str, Any]:
    schema = {"type": "string", **lengths}
    return {"name": name, "in": "header", "required": False, "description": description, "schema": schema}


def _refer(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{name}"}


def _header_doc(description: str, kind: str = "string") -> dict[str, Any]:
    return {"description": description, "schema": {"type": kind}}


HEADERS = {
    "X-Request-ID": _header_doc("Names this request in the service's log: yours where you sent one."),
    "RateLimit": _header_doc('What is left: `"caller";r=5999;t=34`.'),
    "RateLimit-Policy": _header_doc('How many a minute: `"caller";q=6000;w=60`.'),
    "Retry-After": _header_doc("Seconds to wait.", "integer"),
    "ETag": _header_doc("For If-None-Match, and If-Match where the thing can be edited."),
    "Link": _header_doc("The next page, as `next` says too."),
}
