"""Stylesheets, script and icon: read and gzipped once, each at an address with a hash of its content."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

STATIC = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    content: bytes
    compressed: bytes
    media_type: str
    address: str


@cache
def assets() -> dict[str, Asset]:
    """Static files by file name, such as `saferplan.css`."""
    return {path.name: _asset(path) for path in sorted(STATIC.rglob("*")) if path.suffix in TYPES}


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:12]
    address = f"/static/{path.stem}.{digest}{path.suffix}"
    return Asset(content, gzip.compress(content, 9, mtime=0), TYPES[path.suffix], address)


def address(name: str) -> str:
    """URL path of a static file. A changed file gets another path, so browsers may cache each for good."""
    return assets()[name].address


async def send_asset(request: Request) -> Response:
    asset = next((each for each in assets().values() if each.address == request.url.path), None)
    if asset is None:
        raise HTTPException(404)
    is_compressed = accepts_gzip(request)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if is_compressed:
        headers["Content-Encoding"] = "gzip"
    return Response(
        asset.compressed if is_compressed else asset.content, headers=headers, media_type=asset.media_type
    )


def accepts_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


routes = [Route("/static/{name}", send_asset)]
