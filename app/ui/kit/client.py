"""The pages' client of the API. It calls with the visitor's own authority."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

Json = dict[str, Any]

BASE = "/api/v1"
MOST = "500"
UPLOAD_SECONDS = 120.0
MOST_CONNECTIONS = 1_000
"""To an API on another machine, which limits by itself how many requests wait there."""
NOT_NARROWED = ("/me", "/sessions", "/passwords")
"""Beginnings of paths that take no `partnership` parameter."""
ADDRESS = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9._~-]*)+")
"""Paths that may be called. Codes and ids in them come from the browser's address bar."""


@dataclass
class Problem(Exception):
    """A refusal by the API, from its problem document; 503 when the API could not be reached."""

    status: int
    code: str
    detail: str
    body: Json = field(default_factory=dict)
    request_id: str | None = None
    retry_after: int | None = None

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.detail}"

    @property
    def errors(self) -> list[Json]:
        return self.body.get("errors") or []


@dataclass(frozen=True)
class Answer:
    """A successful response: its JSON, ETag, bytes and headers."""

    body: Json
    etag: str | None
    content: bytes
    headers: httpx.Headers

    @property
    def version(self) -> str:
        """Version of the resource, from its JSON or its ETag; a form sends it back with a change."""
        tag = (self.etag or "").removeprefix("W/").strip('"').partition(".")[0]
        return str(self.body.get("version") or tag.removeprefix("v"))


def connect(base: str, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    """Opens the HTTP client. `base` is the API's address without its path; with a transport it is only a name."""
    return httpx.AsyncClient(
        base_url=base,
        transport=transport,
        timeout=httpx.Timeout(30.0, connect=3.0),
        headers={"Accept": "application/json"},
        follow_redirects=False,
        limits=httpx.Limits(max_connections=MOST_CONNECTIONS, max_keepalive_connections=100),
    )


@dataclass(frozen=True)
class Body:
    """A request body and its media type."""

    content: bytes
    media_type: str | None = None


def to_json_body(document: Json) -> Body:
    return Body(json.dumps(document, ensure_ascii=False).encode(), "application/json")


@dataclass(frozen=True)
class Api:
    """Calls the API for one visitor."""

    http: httpx.AsyncClient
    token: str | None = None
    partnership: str | None = None
    """Code of the partnership; sent where the visitor belongs to several."""
    address: str | None = None
    """The visitor's network address, passed on as a proxy does."""

    async def get(self, path: str, **params: str | None) -> Json:
        return (await self.request("GET", path, params=params)).body

    async def get_file(self, path: str) -> bytes:
        """Content of a response that is not JSON."""
        return (await self.request("GET", path)).content

    async def get_all(self, path: str, **params: str | None) -> list[Json]:
        """Gets all items of a collection, page after page.

        `limit=MOST` makes the pages long; collections without pages take no limit.
        """
        items: list[Json] = []
        query = dict(params)
        while True:
            body = (await self.request("GET", path, params=query)).body
            items.extend(body["items"])
            if not body.get("next"):
                return items
            query = dict(parse_qsl(urlsplit(body["next"]).query))

    async def get_part(self, path: str, size: int, **params: str | None) -> tuple[list[Json], str | None]:
        """Gets `size` items of a collection, and the cursor of the next."""
        body = (await self.request("GET", path, params={**params, "limit": str(size)})).body
        after = dict(parse_qsl(urlsplit(body.get("next") or "").query))
        return body["items"], after.get("cursor")

    async def post(
        self, path: str, body: Json, *, once: str | None = None, params: dict[str, str | None] | None = None
    ) -> Json:
        """Posts JSON. `once` is the idempotency key, so that a second press of a button does nothing more."""
        headers = {"Idempotency-Key": once} if once else {}
        return (
            await self.request("POST", path, params=params, body=to_json_body(body), headers=headers)
        ).body

    async def post_if_match(self, path: str, body: Json, *, once: str, version: str) -> Json:
        """As `post`, for a decision on what was read: `version` is that from which the form was made."""
        headers = {"Idempotency-Key": once, **_if_match(version)}
        return (await self.request("POST", path, body=to_json_body(body), headers=headers)).body

    async def post_alone(self, path: str, *, once: str, params: dict[str, str | None]) -> Json:
        """As `post`, without a body."""
        headers = {"Idempotency-Key": once}
        return (await self.request("POST", path, params=params, body=Body(b""), headers=headers)).body

    async def upload(self, path: str, name: str, body: Body) -> Json:
        """Uploads a file to be checked, under its name."""
        return (await self.request("POST", path, params={"name": name}, body=body)).body

    async def patch(self, path: str, body: Json, version: str) -> Json:
        """Changes a resource. `version` is that from which the form was made: it is sent as If-Match."""
        return (await self.request("PATCH", path, body=to_json_body(body), headers=_if_match(version))).body

    async def put(self, path: str, body: Json, version: str) -> Json:
        return (await self.request("PUT", path, body=to_json_body(body), headers=_if_match(version))).body

    async def decide(self, path: str, body: Json, version: str) -> Json:
        """Posts a step that decides on what was read: the version is sent as If-Match."""
        headers = _if_match(version)
        return (await self.request("POST", path, body=to_json_body(body), headers=headers)).body

    async def delete(self, path: str, version: str | None = None) -> None:
        await self.request("DELETE", path, headers=_if_match(version) if version else {})

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str | None] | None = None,
        body: Body | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Sends one request.

        Raises Problem for any refusal, and where the API cannot be reached.
        """
        if not ADDRESS.fullmatch(path):
            raise Problem(404, "not_found", "")
        headers = dict(headers or {})
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.address:
            headers["X-Forwarded-For"] = self.address
        if body is not None and body.media_type is not None:
            headers["Content-Type"] = body.media_type
        query = {name: text for name, text in (params or {}).items() if text}
        if self.partnership and not path.startswith(NOT_NARROWED):
            query["partnership"] = self.partnership
        content = body.content if body is not None else None
        seconds = UPLOAD_SECONDS if content is not None else httpx.USE_CLIENT_DEFAULT
        try:
            response = await self.http.request(
                method, BASE + path, params=query, content=content, headers=headers, timeout=seconds
            )
        except httpx.TransportError as error:
            raise Problem(503, "unreachable", str(error), retry_after=5) from error
        return _parse_response(response)


def _if_match(version: str) -> dict[str, str]:
    return {"If-Match": f'"v{version}"'}


def _parse_response(response: httpx.Response) -> Answer:
    body: Any = None
    if "json" in response.headers.get("content-type", ""):
        try:
            body = response.json()
        except ValueError:
            body = None
    if not isinstance(body, dict):
        body = {}
    if response.is_success:
        return Answer(body, response.headers.get("etag"), response.content, response.headers)
    wait = response.headers.get("retry-after", "")
    raise Problem(
        response.status_code,
        str(body.get("code", "unknown")),
        str(body.get("detail") or body.get("title") or ""),
        body,
        body.get("request_id") or response.headers.get("x-request-id"),
        int(wait) if wait.isdecimal() else None,
    )
