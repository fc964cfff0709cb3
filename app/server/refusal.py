"""Refusals by the server itself, as problem documents like the API's."""

import re
import secrets

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from app.api.server.gateway import SAFE
from app.api.server.problem import Refused, problem
from app.api.server.response_cache import Headers

A_METHOD = re.compile(rb"[A-Za-z]{1,20} ")
LINE_TOO_LONG = Refused(414, "address_too_long", "The request line may be 8 kB long.")
HEADERS_TOO_LARGE = Refused(
    431, "headers_too_large", "At most 64 headers are taken, of 8 kB each and 32 kB together."
)
FRAMING_TOO_LONG = Refused(
    431, "headers_too_large", "The body's chunk extensions and trailers are longer than is taken here."
)
TOO_MANY_WAITING = Refused(429, "too_many_requests", "Too many requests wait on this connection.")
TOO_SLOW = Refused(408, "too_slow", "The request did not come within 30 seconds.")
BODY_TOO_SLOW = Refused(408, "too_slow", "The body stopped coming, or came at less than 16 kB in 30 seconds.")
FULL = Refused(
    503, "busy", "Too many are connected. Try again in a little while.", headers={"Retry-After": "5"}
)
OTHER_VERSION = Refused(505, "version_not_supported", "HTTP/1.1 and HTTP/1.0 are spoken here.")
OTHER_CODING = Refused(501, "coding_not_supported", "The only transfer coding taken is “chunked”.")
CHUNKED_1_0 = Refused(400, "malformed", "A request of HTTP/1.0 cannot be chunked.")
UPGRADE_WITH_BODY = Refused(
    400, "upgrade_not_taken", "No other protocol is spoken here: leave out the Upgrade header."
)
NO_TUNNEL = Refused(501, "method_not_supported", "This is no proxy.")
OTHER_METHOD = Refused(501, "method_not_supported", "There is no such method here.")
MALFORMED = Refused(400, "malformed", "This is not a request of HTTP.")
BROKEN = Refused(
    500, "internal", "It has been noted. Nothing you sent was stored; try again in a little while."
)


class Stopped(Exception):
    """Stops reading with a refusal; the refusals above are constants and no exceptions, so they keep no traceback."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.detail)
        self.refused = refused


def parser_refusal(error: httptools.HttpParserError, piece: bytes) -> Refused:
    """The refusal for an error of the parser in `piece`."""
    reason = str(error)
    if isinstance(error, httptools.HttpParserInvalidMethodError) and A_METHOD.match(piece):
        return OTHER_METHOD
    if "Invalid HTTP version" in reason or "PRI/Upgrade" in reason:
        return OTHER_VERSION
    return MALFORMED


def answer_parts(refused: Refused) -> tuple[int, Headers, bytes]:
    """Status, headers and body of the answer to a refusal; the connection is closed after it."""
    request_id = secrets.token_hex(8)
    answer = problem(request_id, refused)
    extra = [(b"x-request-id", request_id.encode()), (b"connection", b"close")]
    return answer.status_code, [*answer.raw_headers, *SAFE, *extra], bytes(answer.body)


def answer_bytes(refused: Refused, always: Headers, *, with_body: bool = True) -> bytes:
    """The answer as bytes of HTTP; `always` are the server's own headers."""
    status, headers, body = answer_parts(refused)
    lines = b"".join(name + b": " + content + b"\r\n" for name, content in [*always, *headers])
    return STATUS_LINE[status] + lines + b"\r\n" + (body if with_body else b"")
