"""Serves openapi.json, encoded and compressed once."""

import gzip
import hashlib
from dataclasses import dataclass

from anyio import Lock, to_thread
from fastapi import FastAPI, Request
from pydantic_core import to_json
from starlette.responses import Response

from app.api.server.base import make_router

router = make_router("service")
ADDRESS = "/openapi.json"


@dataclass(frozen=True)
class Description:
    """The encoded description, plain and compressed by gzip."""

    plain: bytes
    packed: bytes
    etag: str


def install(app: FastAPI) -> None:
    app.state.description, app.state.description_lock = None, Lock()


@router.get(ADDRESS, include_in_schema=False)
async def get_openapi(request: Request) -> Response:
    """OpenAPI 3.1. Made in a thread at the first request; later requests mostly get 304."""
    description = await _get_description(request.app)
    headers = {"ETag": description.etag, "Cache-Control": "public, no-cache", "Vary": "Accept-Encoding"}
    if description.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(description.plain, headers=headers, media_type="application/json")
    gzip_headers = {**headers, "Content-Encoding": "gzip"}
    return Response(description.packed, headers=gzip_headers, media_type="application/json")


async def _get_description(app: FastAPI) -> Description:
    async with app.state.description_lock:
        if app.state.description is None:
            app.state.description = await to_thread.run_sync(_make_description, app)
        description: Description = app.state.description
        return description


def _make_description(app: FastAPI) -> Description:
    plain = to_json(app.openapi())
    return Description(plain, gzip.compress(plain, 9, mtime=0), f'"{hashlib.sha256(plain).hexdigest()[:24]}"')
