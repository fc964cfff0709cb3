"""What stands before every handler: limits, and answers kept while nothing has changed.

A kept answer is good while the ledger's number (and epoch) and the date are what they were when it was made, and
the credential has not run out. The number is read afresh for every request, so no worker ever serves
an answer older than the last commit; a revoked key changes the number, and with it every answer goes.
"""

import hashlib
import re
import secrets
import time

from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from app.api.server.address import names_secret
from app.api.server.answers import Answers, Headers, Keepable, Kept
from app.api.server.ledger_reader import LedgerReader, LedgerState, ledger_reader
from app.api.server.meters import Meters
from app.api.server.problem import Refused, as_refused, note_failure, problem
from app.api.server.turns import Turns
from app.config import Settings

MOST_CALLERS = 50_000
AT_ONCE = {"/api/v1/health", "/api/v1/ready"}
"""Paths that wait for no read, whoever asks."""
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

SAFE: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
"""An answer of the API is data: no browser is to guess at it, run it or frame it."""
HTTPS_ONLY: Headers = [(b"strict-transport-security", b"max-age=31536000; includeSubDomains")]


class Rate:
    """Requests of one caller in one minute. Each worker allows its share of the deployment's limit."""

    def __init__(self, settings: Settings) -> None:
        self.limit = max(1, settings.requests_a_minute // settings.workers)
        self.clock = time.time
        self._window = 0
        self._used: dict[bytes, int] = {}

    def take(self, caller: bytes) -> tuple[int, int]:
        """What is left after this request (negative: refuse it), and seconds until the count starts anew."""
        now = int(self.clock())
        if now // 60 != self._window or len(self._used) > MOST_CALLERS:
            self._window, self._used = now // 60, {}
        used = self._used.get(caller, 0) + 1
        self._used[caller] = used
        return self.limit - used, 60 - now % 60

    def put_down_to(self, address: bytes, caller: bytes) -> None:
        """A caller that nobody knows counts as the address it came from: tokens are easily made up."""
        self._used.pop(caller, None)
        self.take(address)

    def is_used_up(self, address: bytes) -> bool:
        return self._used.get(address, 0) >= self.limit


class Gateway:
    """The ASGI layer. Everything it knows of a request it has from its bytes."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.answers = Answers()
        self.rate = Rate(settings)
        self.known: dict[bytes, None] = {}
        """Callers whose credential was good when they last asked."""
        self.turns: Turns = app.state.turns
        self.meters: Meters = app.state.meters
        self._always = [*SAFE, *(HTTPS_ONLY if settings.secure_cookies else [])]
        self._policy = f'"caller";q={self.rate.limit};w=60'.encode()
        self._ledger: LedgerReader | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Asked(scope)
        scope["saferplan.request_id"] = request.id.decode()
        begun = Begun(send)
        try:
            await self._serve(request, scope, receive, begun.send)
        except Exception as error:
            if begun.is_ended:
                return  # the framework raises on what it has answered
            if begun.is_begun:
                raise
            refused = as_refused(error)
            note_failure(request.id.decode(), refused, error)
            extra = [*self._always, (b"x-request-id", request.id)]
            await problem(request.id.decode(), refused)(scope, receive, with_headers(begun.send, extra))
        finally:
            self.meters.count(scope["method"], request.route, begun.status)
            self._note_caller(request, begun.status)

    def _note_caller(self, request: "Asked", status: int) -> None:
        if request.is_public:
            return
        if status == 401:
            self.rate.put_down_to(request.address, request.caller)
        elif status != 429:
            self.known[request.caller] = None
            if len(self.known) > MOST_CALLERS:
                del self.known[next(iter(self.known))]

    async def _serve(self, request: "Asked", scope: Scope, receive: Receive, send: Send) -> None:
        left, reset = self.rate.take(request.caller)
        if request.caller not in self.known and self.rate.is_used_up(request.address):
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
        kept = await self._kept(request)
        if kept is not None:
            request.scope["route"] = kept.route
            await answer(kept, request.if_none_match, send, extra)
            return
        keeping = self._keeping(request, scope, with_headers(send, extra))
        await self.turns.take(self.app, scope, receive, keeping)

    async def _kept(self, request: "Asked") -> Kept | None:
        """The ledger is only asked where there is an answer that may still be good.

        Where the database was replaced there is none: a fresh one is refused.
        """
        kept = None
        if self.answers.has(request.key) and not self.app.state.database.is_replaced():
            kept = self.answers.get(request.key, await self.state(), self.settings.today())
        (self.meters.miss if kept is None else self.meters.hit).inc()
        return kept

    async def state(self) -> LedgerState:
        if self._ledger is None:
            self._ledger = ledger_reader(self.settings.database_url)
        return await self._ledger.state()

    async def close(self) -> None:
        if self._ledger is not None:
            await self._ledger.close()
            self._ledger = None

    @staticmethod
    def _refusal(request: "Asked", left: int, reset: int) -> Refused | None:
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

    def _keeping(self, request: "Asked", scope: Scope, send: Send) -> Send:
        """Passes an answer on, keeps it if its handler said it may be, and answers 304 where it can."""
        start: Message = {}

        async def keep(message: Message) -> None:
            nonlocal start
            facts: Keepable | None = scope.get("saferplan.keepable")
            if facts is not None and message.get("status") == 200:
                start = message
            elif facts is not None and start:
                kept = Kept(list(start["headers"]), message.get("body", b""), facts, scope.get("route"))
                self.answers.put(request.key, kept)
                await answer(kept, request.if_none_match, send, [])
            else:
                await send(message)

        return keep


class Asked:
    """What the gateway needs of a request."""

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
        given = headers.get(b"x-request-id", b"")
        self.id = given if REQUEST_ID.fullmatch(given.decode("latin-1")) else secrets.token_hex(8).encode()

    @property
    def route(self) -> str | None:
        """The path of the route it went to, as the description has it; None where there was none."""
        return getattr(self.scope.get("route"), "path", None)


class Begun:
    """Knows how far an answer has come: until it has begun another can be given."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.is_begun = False
        self.is_ended = False
        self.status = 500

    async def send(self, message: Message) -> None:
        self.is_begun = True
        self.status = message.get("status", self.status)
        self.is_ended = message["type"] == "http.response.body" and not message.get("more_body")
        await self._send(message)


async def answer(kept: Kept, if_none_match: bytes, send: Send, extra: Headers) -> None:
    """Sends a kept answer, or 304 when the caller has it already."""
    etags = {tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b",")}
    if kept.facts.etag in etags or b"*" in etags:
        few = [(name, value) for name, value in kept.headers if name in (b"etag", b"cache-control", b"vary")]
        await send({"type": "http.response.start", "status": 304, "headers": few + extra})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": kept.headers + extra})
    await send({"type": "http.response.body", "body": kept.body})


def without_body(send: Send) -> Send:
    """For HEAD: what GET would answer, less its body."""

    async def sending(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return sending


def with_headers(send: Send, extra: Headers) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return sending
