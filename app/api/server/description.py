"""The published description, as one file that is made once."""

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
    plain: bytes
    packed: bytes
    etag: str


def install(app: FastAPI) -> None:
    app.state.description, app.state.describing = None, Lock()


@router.get(ADDRESS, include_in_schema=False)
async def get_openapi(request: Request) -> Response:
    """OpenAPI 3.1. Made in a thread, the first time it is asked for; after that it costs a few bytes' sending."""
    described = await _description(request.app)
    headers = {"ETag": described.etag, "Cache-Control": "public, no-cache", "Vary": "Accept-Encoding"}
    if described.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(described.plain, headers=headers, media_type="application/json")
    packed = {**headers, "Content-Encoding": "gzip"}
    return Response(described.packed, headers=packed, media_type="application/json")


async def _description(app: FastAPI) -> Description:
    async with app.state.describing:
        if app.state.description is None:
            app.state.description = await to_thread.run_sync(_made, app)
        described: Description = app.state.description
        return described


def _made(app: FastAPI) -> Description:
    plain = to_json(app.openapi())
    return Description(plain, gzip.compress(plain, 9, mtime=0), f'"{hashlib.sha256(plain).hexdigest()[:24]}"')
