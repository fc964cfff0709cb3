"""The one client of the API: every page's facts come through here, with the visitor's own authority."""

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
"""To an API on another machine; it tells by itself who has to wait there."""
NOT_NARROWED = ("/me", "/sessions", "/passwords")
"""What is the same whichever partnership is being looked at."""
ADDRESS = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9._~-]*)+")
"""Codes and ids come from the browser's address bar: nothing else of theirs may steer where a call goes."""


@dataclass
class Problem(Exception):
    """What the API refused, as its problem document says it; 503 when it could not be reached."""

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
    """A successful answer's JSON, its ETag, and the bytes it came as."""

    body: Json
    etag: str | None
    content: bytes

    @property
    def version(self) -> str:
        """Which version of the thing this is: what a form sends back when it changes it."""
        tag = (self.etag or "").removeprefix("W/").strip('"').partition(".")[0]
        return str(self.body.get("version") or tag.removeprefix("v"))


def connect(base: str, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    """`base` is where the API lives, without its path; with a transport it is only a name."""
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
    """What a request carries."""

    content: bytes
    media_type: str | None = None


def as_json(value: Json) -> Body:
    return Body(json.dumps(value, ensure_ascii=False).encode(), "application/json")


@dataclass(frozen=True)
class Api:
    """The API as one visitor sees it."""

    http: httpx.AsyncClient
    token: str | None = None
    partnership: str | None = None
    """Sent where the visitor belongs to several, so that each call says which it means."""
    address: str | None = None
    """The visitor's network address, passed on as a proxy does."""

    async def get(self, path: str, **params: str | None) -> Json:
        return (await self.answer("GET", path, params=params)).body

    async def file(self, path: str) -> bytes:
        """What is no JSON, whole."""
        return (await self.answer("GET", path)).content

    async def every(self, path: str, **params: str | None) -> list[Json]:
        """All of a collection, page after page.

        `limit=MOST` makes the pages long; lists that are given whole take no limit.
        """
        items: list[Json] = []
        query = dict(params)
        while True:
            body = (await self.answer("GET", path, params=query)).body
            items.extend(body["items"])
            if not body.get("next"):
                return items
            query = dict(parse_qsl(urlsplit(body["next"]).query))

    async def part(self, path: str, size: int, **params: str | None) -> tuple[list[Json], str | None]:
        """Some of a collection, and the cursor of what comes after it."""
        body = (await self.answer("GET", path, params={**params, "limit": str(size)})).body
        after = dict(parse_qsl(urlsplit(body.get("next") or "").query))
        return body["items"], after.get("cursor")

    async def post(
        self, path: str, body: Json, *, once: str | None = None, params: dict[str, str | None] | None = None
    ) -> Json:
        """`once` makes a second press of the same button harmless."""
        headers = {"Idempotency-Key": once} if once else {}
        return (await self.answer("POST", path, params=params, body=as_json(body), headers=headers)).body

    async def post_alone(self, path: str, *, once: str, params: dict[str, str | None]) -> Json:
        """As `post`, for what is done by asking alone."""
        headers = {"Idempotency-Key": once}
        return (await self.answer("POST", path, params=params, body=Body(b""), headers=headers)).body

    async def upload(self, name: str, kind: str, content: bytes) -> Json:
        """Keeps a file of figures, to be looked over; `kind` is its media type."""
        return (await self.answer("POST", "/uploads", params={"name": name}, body=Body(content, kind))).body

    async def patch(self, path: str, body: Json, version: str) -> Json:
        """`version` as a form was given it: what If-Match names."""
        return (await self.answer("PATCH", path, body=as_json(body), headers=_if_match(version))).body

    async def put(self, path: str, body: Json, version: str) -> Json:
        return (await self.answer("PUT", path, body=as_json(body), headers=_if_match(version))).body

    async def delete(self, path: str, version: str | None = None) -> None:
        await self.answer("DELETE", path, headers=_if_match(version) if version else {})

    async def answer(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str | None] | None = None,
        body: Body | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Sends one request.

        Raises Problem for any refusal, and for silence.
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
        query = {name: value for name, value in (params or {}).items() if value}
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
        return _read(response)


def _if_match(version: str) -> dict[str, str]:
    return {"If-Match": f'"v{version}"'}


def _read(response: httpx.Response) -> Answer:
    body: Any = None
    if "json" in response.headers.get("content-type", ""):
        try:
            body = response.json()
        except ValueError:
            body = None
    if not isinstance(body, dict):
        body = {}
    if response.is_success:
        return Answer(body, response.headers.get("etag"), response.content)
    wait = response.headers.get("retry-after", "")
    raise Problem(
        response.status_code,
        str(body.get("code", "unknown")),
        str(body.get("detail") or body.get("title") or ""),
        body,
        body.get("request_id") or response.headers.get("x-request-id"),
        int(wait) if wait.isdecimal() else None,
    )
