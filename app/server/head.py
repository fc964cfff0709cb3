"""The head of one request: counts it while it is received, and checks it when it is complete."""

import httptools

from app.api.server.problem import Refused
from app.server import limits, refusal
from app.server.host import Hosts

VERSIONS = ("1.0", "1.1")
AROUND = len("  HTTP/1.1\r\n")
"""Bytes of the request line beside method and address."""


class Head:
    """Sizes of a request's head, and its refusal, if any."""

    def __init__(self) -> None:
        self.raw = 0
        """Bytes given to the parser."""
        self._headers = 0
        self._size = 0

    def next_size(self) -> int:
        """Bytes that the parser may be given next. Raises Stopped if the limit is reached."""
        left = limits.LONGEST_HEAD - self.raw
        if left <= 0:
            raise refusal.Stopped(refusal.HEADERS_TOO_LARGE)
        return min(left, limits.SLICE)

    def line_refusal(self, method: bytes, address: int) -> Refused | None:
        """The refusal of a request line with `address` bytes of address so far."""
        is_long = len(method) + address + AROUND > limits.LONGEST_LINE
        return refusal.LINE_TOO_LONG if is_long else None

    def header_refusal(self, size: int) -> Refused | None:
        """The refusal after one more header, of `size` bytes of name and value."""
        size += len(": \r\n")
        self._headers += 1
        self._size += size
        if (
            self._headers > limits.MOST_HEADERS
            or size > limits.LONGEST_HEADER
            or self._size > limits.LONGEST_HEADERS
        ):
            return refusal.HEADERS_TOO_LARGE
        return None

    def refusal(
        self,
        parser: httptools.HttpRequestParser,
        url: bytes,
        headers: list[tuple[bytes, bytes]],
        hosts: Hosts,
        here: str,
    ) -> Refused | None:
        """The refusal of a complete head; `here` is the address it was sent to."""
        version = parser.get_http_version()
        if version not in VERSIONS:
            return refusal.OTHER_VERSION
        if parser.get_method() == b"CONNECT":
            return refusal.NO_TUNNEL
        try:
            target = _absolute_host(url)
        except (httptools.HttpParserError, UnicodeDecodeError):
            return refusal.MALFORMED
        named = [content for name, content in headers if name == b"host"]
        return (
            _framing_refusal(headers, version)
            or _upgrade_refusal(parser, headers)
            or hosts.refusal(named, target, version, here)
        )


def _absolute_host(url: bytes) -> str | None:
    """The host of an address such as `http://host/path`; None where it begins with its path."""
    parsed = httptools.parse_url(url)
    if parsed.schema is None:
        return None
    if parsed.schema.lower() not in (b"http", b"https") or not parsed.path or parsed.userinfo:
        raise httptools.HttpParserInvalidURLError
    return (parsed.host or b"").decode("ascii")


def _framing_refusal(headers: list[tuple[bytes, bytes]], version: str) -> Refused | None:
    """Refuses transfer codings other than chunked, which the parser would pass on undecoded."""
    codings = [content.strip().lower() for name, content in headers if name == b"transfer-encoding"]
    if not codings:
        return None
    if version == "1.0":
        return refusal.CHUNKED_1_0
    return None if codings == [b"chunked"] else refusal.OTHER_CODING


def _upgrade_refusal(
    parser: httptools.HttpRequestParser, headers: list[tuple[bytes, bytes]]
) -> Refused | None:
    """Refuses an upgrade with a body: the parser reads none then, and would take it for a request."""
    if not parser.should_upgrade():
        return None
    has_body = any(
        name == b"transfer-encoding" or (name == b"content-length" and content.strip() != b"0")
        for name, content in headers
    )
    return refusal.UPGRADE_WITH_BODY if has_body else None
