"""ASGI layer before every handler: rate limits, cached responses and conditional requests.

A cached response is valid while the ledger's number (and epoch) and the date are the same as when it was made, and
the credential has not expired. The number is read for every request, so no worker serves a response older than the
last commit. Revoking a key changes the number, which invalidates every cached response.
"""

import hashlib
import re
import secrets
import time

from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from app.api.server.address import names_secret
from app.api.server.ledger_reader import LedgerReader, LedgerState, ledger_reader
from app.api.server.meters import Meters
from app.api.server.problem import Refused, as_refused, note_failure, problem
from app.api.server.response_cache import Cacheable, CachedResponse, Headers, ResponseCache
from app.api.server.turns import Turns
from app.config import Settings

MOST_CALLERS = 50_000
AT_ONCE = {"/api/v1/health", "/api/v1/ready"}
"""Paths that never wait for a turn at reading."""
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

SAFE: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
"""Responses are data: a browser must not guess their type, run them or frame them."""
HTTPS_ONLY: Headers = [(b"strict-transport-security", b"max-age=31536000; includeSubDomains")]


class Rate:
    """Counts requests by caller and minute. Each worker allows its share of the deployment's limit."""

    def __init__(self, settings: Settings) -> None:
        self.limit = max(1, settings.requests_a_minute // settings.workers)
        self.clock = time.time
        self._window = 0
        self._used: dict[bytes, int] = {}

    def take(self, caller: bytes) -> tuple[int, int]:
        """Counts a request; returns how many more are allowed (negative: refuse it) and seconds until the reset."""
        now = int(self.clock())
        if now // 60 != self._window or len(self._used) > MOST_CALLERS:
            self._window, self._used = now // 60, {}
        used = self._used.get(caller, 0) + 1
        self._used[caller] = used
        return self.limit - used, 60 - now % 60

    def charge_address(self, address: bytes, caller: bytes) -> None:
        """Counts a request without a valid credential against its address: tokens are easily made up."""
        self._used.pop(caller, None)
        self.take(address)

    def is_used_up(self, address: bytes) -> bool:
        return self._used.get(address, 0) >= self.limit


class Gateway:
    """ASGI application: limits and caches requests before the API handles them."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.cache = ResponseCache()
        self.rate = Rate(settings)
        self.authenticated_callers: dict[bytes, None] = {}
        """Callers whose credential was valid at their last request; an ordered set."""
        self.turns: Turns = app.state.turns
        self.meters: Meters = app.state.meters
        self._always = [*SAFE, *(HTTPS_ONLY if settings.secure_cookies else [])]
        self._policy = f'"caller";q={self.rate.limit};w=60'.encode()
        self._ledger: LedgerReader | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = GatewayRequest(scope)
        scope["saferplan.request_id"] = request.id.decode()
        progress = ResponseProgress(send)
        try:
            await self._serve(request, scope, receive, progress.send)
        except Exception as error:
            if progress.has_ended:
                return  # the framework raises again after it has answered
            if progress.has_begun:
                raise
            refused = as_refused(error)
            note_failure(request.id.decode(), refused, error)
            extra = [*self._always, (b"x-request-id", request.id)]
            await problem(request.id.decode(), refused)(scope, receive, with_headers(progress.send, extra))
        finally:
            self.meters.count(scope["method"], request.route, progress.status)
            self._note_caller(request, progress.status)

    def _note_caller(self, request: "GatewayRequest", status: int) -> None:
        if request.is_public:
            return
        if status == 401:
            self.rate.charge_address(request.address, request.caller)
        elif status != 429:
            self.authenticated_callers[request.caller] = None
            if len(self.authenticated_callers) > MOST_CALLERS:
                del self.authenticated_callers[next(iter(self.authenticated_callers))]

    async def _serve(self, request: "GatewayRequest", scope: Scope, receive: Receive, send: Send) -> None:
        left, reset = self.rate.take(request.caller)
        if request.caller not in self.authenticated_callers and self.rate.is_used_up(request.address):
            left = -1
        extra: Headers = [
            *self._always,
            (b"x-request-id", request.id),
            (b"ratelimit-policy", self._policy),
            (b"ratelimit", f'"caller";r={max(left, 0)};t={reset}'.encode()),
        ]
        refused = self._refusal(request, left, reset)
        if request.method == b"HEAD":
            scope, send = {**scope, "method": "GET"}, without_body(send)
            request.scope = scope
        if refused is not None:
            await problem(request.id.decode(), refused)(scope, receive, with_headers(send, extra))
            return
        if scope["method"] != "GET" or request.is_public or scope["path"] in AT_ONCE:
            await self.app(scope, receive, with_headers(send, extra))
            return
        cached = await self._find_cached(request)
        if cached is not None:
            request.scope["route"] = cached.route
            await send_cached(cached, request.if_none_match, send, extra)
            return
        caching_send = self._with_caching(request, scope, with_headers(send, extra))
        await self.turns.take(self.app, scope, receive, caching_send)

    async def _find_cached(self, request: "GatewayRequest") -> CachedResponse | None:
        """Finds a valid cached response; reads the ledger only if there is one for the request.

        None where the database file was replaced: the handler then refuses.
        """
        cached = None
        if self.cache.has(request.key) and not self.app.state.database.is_replaced():
            cached = self.cache.get(request.key, await self.state(), self.settings.today())
        (self.meters.miss if cached is None else self.meters.hit).inc()
        return cached

    async def state(self) -> LedgerState:
        if self._ledger is None:
            self._ledger = ledger_reader(self.settings.database_url)
        return await self._ledger.state()

    async def close(self) -> None:
        if self._ledger is not None:
            await self._ledger.close()
            self._ledger = None

    @staticmethod
    def _refusal(request: "GatewayRequest", left: int, reset: int) -> Refused | None:
        if left < 0:
            headers = {"Retry-After": str(reset)}
            wait = f"Wait {reset} {'second' if reset == 1 else 'seconds'}, then go on."
            return Refused(429, "too_many_requests", wait, headers=headers)
        if names_secret(request.query):
            return Refused(
                401,
                "key_in_address",
                "A key in an address ends up in logs. Send it as “Authorization: Bearer …”, and replace this one.",
                headers={"WWW-Authenticate": "Bearer"},
            )
        return None

    def _with_caching(self, request: "GatewayRequest", scope: Scope, send: Send) -> Send:
        """Wraps `send`: caches a 200 the handler marked cacheable; replies 304 on a matching If-None-Match."""
        start: Message = {}

        async def send_and_cache(message: Message) -> None:
            nonlocal start
            facts: Cacheable | None = scope.get("saferplan.cacheable")
            if facts is not None and message.get("status") == 200:
                start = message
            elif facts is not None and start:
                cached = CachedResponse(
                    list(start["headers"]), message.get("body", b""), facts, scope.get("route")
                )
                self.cache.put(request.key, cached)
                await send_cached(cached, request.if_none_match, send, [])
            else:
                await send(message)

        return send_and_cache


class GatewayRequest:
    """The parts of a request that the gateway uses."""

    __slots__ = ("address", "caller", "id", "if_none_match", "is_public", "key", "method", "query", "scope")

    def __init__(self, scope: Scope) -> None:
        # Of a header sent twice the first counts, as it does for the handlers.
        headers: dict[bytes, bytes] = dict(reversed(scope["headers"]))
        scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
        authorization = scheme.lower() + b" " + token.strip() if scheme else b""
        self.scope = scope
        self.method = scope["method"].encode()
        self.query: bytes = scope["query_string"]
        self.if_none_match = headers.get(b"if-none-match", b"")
        self.is_public = not authorization
        self.address = (scope.get("client") or ("", 0))[0].encode()
        self.caller = hashlib.sha256(authorization).digest() if authorization else self.address
        self.key = (self.caller, scope["path"].encode(), self.query, headers.get(b"accept", b"")[:200])
        request_id = headers.get(b"x-request-id", b"")
        self.id = (
            request_id
            if REQUEST_ID.fullmatch(request_id.decode("latin-1"))
            else secrets.token_hex(8).encode()
        )

    @property
    def route(self) -> str | None:
        """Path template of the route that handled it, such as `/api/v1/plans/{code}`; None if no route did."""
        return getattr(self.scope.get("route"), "path", None)


class ResponseProgress:
    """Wraps `send` to record how far a response is: before it has begun, an error can still be answered."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = False
        self.has_ended = False
        self.status = 500

    async def send(self, message: Message) -> None:
        self.has_begun = True
        self.status = message.get("status", self.status)
        self.has_ended = message["type"] == "http.response.body" and not message.get("more_body")
        await self._send(message)


async def send_cached(cached: CachedResponse, if_none_match: bytes, send: Send, extra: Headers) -> None:
    """Sends a cached response, or 304 if `if_none_match` has its ETag."""
    etags = {tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b",")}
    if cached.facts.etag in etags or b"*" in etags:
        few = [
            (name, content)
            for name, content in cached.headers
            if name in (b"etag", b"cache-control", b"vary")
        ]
        await send({"type": "http.response.start", "status": 304, "headers": few + extra})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": cached.headers + extra})
    await send({"type": "http.response.body", "body": cached.body})


def without_body(send: Send) -> Send:
    """Wraps `send` for HEAD: the response to GET without its body."""

    async def wrapped(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return wrapped


def with_headers(send: Send, extra: Headers) -> Send:
    """Wraps `send`: adds headers to the response."""

    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return wrapped
