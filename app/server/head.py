"""The head of one request: counted as it comes, and looked over when it is complete."""

import httptools

from app.api.server.problem import Refused
from app.server import limits, refusal
from app.server.host import Hosts

VERSIONS = ("1.0", "1.1")
AROUND = len("  HTTP/1.1\r\n")
"""What the request line holds beside method and address."""


class Head:
    """Counts of what came. A refusal is None where there is nothing to refuse."""

    def __init__(self) -> None:
        self.raw = 0
        """Bytes given to the parser, whatever it made of them."""
        self._headers = 0
        self._size = 0

    def room(self) -> int:
        """How many more bytes the parser may be given. Raises Stopped where there is no room left."""
        room = limits.LONGEST_HEAD - self.raw
        if room <= 0:
            raise refusal.Stopped(refusal.HEADERS_TOO_LARGE)
        return min(room, limits.SLICE)

    def line_refusal(self, method: bytes, address: int) -> Refused | None:
        """For a request line with `address` bytes of address so far."""
        is_long = len(method) + address + AROUND > limits.LONGEST_LINE
        return refusal.LINE_TOO_LONG if is_long else None

    def header_refusal(self, size: int) -> Refused | None:
        """For one more header, of `size` bytes of name and value."""
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
        """For the head as it stands when it is complete; `here` is the address it came to."""
        version = parser.get_http_version()
        if version not in VERSIONS:
            return refusal.OTHER_VERSION
        if parser.get_method() == b"CONNECT":
            return refusal.NO_TUNNEL
        try:
            target = _absolute_host(url)
        except (httptools.HttpParserError, UnicodeDecodeError):
            return refusal.MALFORMED
        named = [value for name, value in headers if name == b"host"]
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
    """The parser refuses lengths that contradict each other; it would let other codings pass undone."""
    codings = [value.strip().lower() for name, value in headers if name == b"transfer-encoding"]
    if not codings:
        return None
    if version == "1.0":
        return refusal.CHUNKED_1_0
    return None if codings == [b"chunked"] else refusal.OTHER_CODING


def _upgrade_refusal(
    parser: httptools.HttpRequestParser, headers: list[tuple[bytes, bytes]]
) -> Refused | None:
    """With an upgrade the parser takes no body, so what was sent as one would be read as a request."""
    if not parser.should_upgrade():
        return None
    has_body = any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip() != b"0")
        for name, value in headers
    )
    return refusal.UPGRADE_WITH_BODY if has_body else None
