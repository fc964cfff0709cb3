"""Requests that two servers could read differently, and those of other protocols."""

import pytest

from tests.server.raw import HEALTH, exchange, request
from tests.server.test_limits import assert_refused
from tests.worker import Worker

CHUNKED = "Transfer-Encoding: chunked"
SMUGGLED = request("/smuggled", "X-Request-ID: smuggled")


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: 3", CHUNKED),
        (CHUNKED, "Content-Length: 3"),
        ("Content-Length: 3", "Content-Length: 3"),
        ("Content-Length: 3", "Content-Length: 4"),
        ("Content-Length: 3, 3",),
        ("Content-Length: +3",),
        ("Content-Length: -3",),
        ("Content-Length: 0x3",),
        ("Content-Length: 3 3",),
        ("Content-Length:",),
        ("Content-Length: \xb3",),
        ("Content-Length: 99999999999999999999",),
        ("Content-Length : 3",),
        ("Transfer-Encoding: chunked, chunked",),
        (CHUNKED, CHUNKED),
        ("Transfer-Encoding: \x0bchunked",),
        ("Transfer-Encoding:",),
        ("X: y\r\n folded",),
        ("X: a\rb",),
        ("X: a\nb",),
        ("X: \x00",),
        (" X: y",),
        ("X\x00: y",),
        (": y",),
    ],
    ids=ascii,
)
def test_lengths_and_lines_that_can_be_read_two_ways_are_refused(
    server: Worker, headers: tuple[str, ...]
) -> None:
    found = exchange(server.port, request("/api/v1/figures", *headers, method="POST") + b"abc" + SMUGGLED)
    assert len(found) == 1
    assert_refused(found[0], 400, "malformed")


@pytest.mark.parametrize("coding", ["gzip, chunked", "identity", "xchunked", "chunked;q=1", "gzip"])
def test_the_only_coding_is_chunked(server: Worker, coding: str) -> None:
    head = request("/api/v1/figures", f"Transfer-Encoding: {coding}", method="POST")
    found = exchange(server.port, head + b"3\r\nabc\r\n0\r\n\r\n" + SMUGGLED)
    assert len(found) == 1
    assert_refused(found[0], 501, "coding_not_supported")


@pytest.mark.parametrize(
    "body",
    ["-1\r\na", "0x3\r\nabc\r\n", "3 \r\nabc\r\n", "3\nabc\n", "f" * 17 + "\r\n", "3\r\nabcd\r\n", "\r\n"],
)
def test_bad_chunks_are_refused_whenever_they_come(server: Worker, key: str, body: str) -> None:
    """At once, or once the application has begun to read."""
    head = request(
        "/api/v1/figures", CHUNKED, f"Authorization: Bearer {key}", "Content-Type: text/csv", method="POST"
    )
    rest = body.encode() + b"0\r\n\r\n" + SMUGGLED
    for parts in ((head + rest,), (head, rest), (head + b"3\r\nabc\r\n", rest)):
        found = exchange(server.port, *parts, pause=0.2)
        assert len(found) == 1
        assert_refused(found[0], 400, "malformed")


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        ("GET / HTTP/2.0", 505, "version_not_supported"),
        ("GET / HTTP/1.2", 505, "version_not_supported"),
        ("GET / HTTP/0.9", 505, "version_not_supported"),
        ("GET /", 505, "version_not_supported"),
        ("FOO / HTTP/1.1", 501, "method_not_supported"),
        ("get / HTTP/1.1", 501, "method_not_supported"),
        ("CONNECT localhost:22 HTTP/1.1", 501, "method_not_supported"),
        ("GET / x HTTP/1.1", 400, "malformed"),
        ("GET /\x01 HTTP/1.1", 400, "malformed"),
        ("GET /\xe9 HTTP/1.1", 400, "malformed"),
        ("GET x HTTP/1.1", 400, "malformed"),
        ("GET ?x HTTP/1.1", 400, "malformed"),
        ("GET ftp://localhost/ HTTP/1.1", 400, "malformed"),
        ("GET http://localhost HTTP/1.1", 400, "malformed"),
        ("GET http://a@localhost/ HTTP/1.1", 400, "malformed"),
        ("OPTIONS rtsp://localhost/ RTSP/1.0", 400, "malformed"),
        ("SSH-2.0-OpenSSH_9.2", 400, "malformed"),
        ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "malformed"),
    ],
)
def test_other_protocols_are_told_so(server: Worker, line: str, status: int, code: str) -> None:
    (answer,) = exchange(server.port, line.encode("latin-1") + b"\r\nHost: localhost\r\n\r\n")
    assert_refused(answer, status, code)


def test_http_2_with_prior_knowledge_is_told_so(server: Worker) -> None:
    (answer,) = exchange(server.port, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")
    assert_refused(answer, 505, "version_not_supported")


def test_http_1_0_needs_no_host_and_ends_the_connection(server: Worker) -> None:
    (answer,) = exchange(server.port, f"GET {HEALTH} HTTP/1.0\r\n\r\n".encode())
    assert (answer.status, answer.headers["connection"]) == (200, "close")
    chunked = f"POST {HEALTH} HTTP/1.0\r\n{CHUNKED}\r\n\r\n0\r\n\r\n"
    assert_refused(exchange(server.port, chunked.encode())[0], 400, "malformed")


@pytest.mark.parametrize("target", [HEALTH, "/", "/sign-in", "/nowhere"])
@pytest.mark.parametrize("protocol", ["websocket", "h2c"])
def test_an_upgrade_is_not_taken_up(server: Worker, target: str, protocol: str) -> None:
    """The request is answered as it stands, and the connection ends: nothing after it is read as a request."""
    upgrade = ("Connection: Upgrade", f"Upgrade: {protocol}", "Sec-WebSocket-Version: 13")
    (plain,) = exchange(server.port, request(target))
    for parts in ((request(target, *upgrade) + SMUGGLED,), (request(target, *upgrade), SMUGGLED)):
        (answer,) = exchange(server.port, *parts, pause=0.2)
        assert (answer.status, answer.headers["connection"]) == (plain.status, "close")


@pytest.mark.parametrize("length", [f"Content-Length: {len(SMUGGLED)}", CHUNKED])
def test_a_body_beside_an_upgrade_is_no_request_of_its_own(server: Worker, length: str) -> None:
    head = request(HEALTH, "Connection: Upgrade", "Upgrade: h2c", length, method="POST")
    (answer,) = exchange(server.port, head, SMUGGLED, pause=0.2)
    assert_refused(answer, 400, "upgrade_not_taken")
