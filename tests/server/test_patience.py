"""How long the server waits for a client: here for a second, in the service for thirty."""

import time

import pytest

from app.server import limits
from tests.server.raw import HEALTH, answers, connected, exchange, is_closed, request, send
from tests.server.test_limits import assert_refused
from tests.worker import Worker

LONG_ENOUGH = 10.0
SMALL = 8_192
"""Bytes that a connection takes in before they are read."""
OPENAPI = "/api/v1/openapi.json"
FORM = request(
    "/sign-in", "Content-Length: 1000", "Content-Type: application/x-www-form-urlencoded", method="POST"
)


def test_the_service_waits_thirty_seconds() -> None:
    assert limits.PATIENCE == 30.0


def test_who_says_nothing_is_closed_without_a_word(hurried: Worker) -> None:
    with connected(hurried.port) as connection:
        began = time.monotonic()
        assert is_closed(connection, LONG_ENOUGH)
        assert time.monotonic() - began > 0.9


@pytest.mark.parametrize(
    ("first", "more"),
    [(b"", b"\r\n"), (b"G", b"ET /" + b"x" * 60), (b"GET /", b"x" * 60), (request()[:-2], b"x" * 60)],
    ids=["empty lines", "a method", "an address", "headers"],
)
def test_a_head_that_comes_a_byte_at_a_time_is_ended(hurried: Worker, first: bytes, more: bytes) -> None:
    pieces = [b"%c" % byte for byte in more] if len(more) > 2 else [more] * 60
    with connected(hurried.port) as connection:
        assert send(connection, [first, *pieces], 0.1) < len(first + b"".join(pieces))
        assert_refused(answers(connection)[0], 408, "too_slow")


def test_a_second_head_has_no_longer_than_the_first(hurried: Worker) -> None:
    with connected(hurried.port) as connection:
        send(connection, [request()])
        assert answers(connection)[0].status == 200
        assert send(connection, [b"G", b"E", b"T", *[b"x"] * 50], 0.1) < 50
        assert is_closed(connection, LONG_ENOUGH)


def test_a_body_that_comes_a_byte_at_a_time_is_ended(hurried: Worker, key: str) -> None:
    bearer = f"Authorization: Bearer {key}"
    upload = request(
        "/api/v1/figures", bearer, "Content-Type: text/csv", "Content-Length: 1000", method="POST"
    )
    chunked = request(
        "/api/v1/figures", bearer, "Content-Type: text/csv", "Transfer-Encoding: chunked", method="POST"
    )
    for head, piece in ((FORM, b"x"), (upload, b"x"), (chunked, b"1\r\nx\r\n")):
        with connected(hurried.port) as connection:
            assert send(connection, [head, *[piece] * 60], 0.1) < len(head) + 60 * len(piece)
            (answer,) = answers(connection)
            assert_refused(answer, 408, "too_slow")


def test_a_slow_body_that_goes_on_is_taken(hurried: Worker, key: str) -> None:
    body = b"indicator,period,value\n" + b"#" * 400_000
    head = request(
        "/api/v1/figures",
        f"Authorization: Bearer {key}",
        "Content-Type: text/csv",
        f"Content-Length: {len(body)}",
        method="POST",
    )
    with connected(hurried.port) as connection:
        pieces = [body[place : place + 10_000] for place in range(0, len(body), 10_000)]
        assert send(connection, [head, *pieces], 0.07) == len(head) + len(body)
        (answer,) = answers(connection)
        assert answer.status in (400, 422), "all of it was read, for nearly three times the server's patience"


def test_who_does_not_read_the_answer_is_ended(hurried: Worker) -> None:
    with connected(hurried.port, window=SMALL) as connection:
        send(connection, [request(OPENAPI) * 16])
        time.sleep(6)
        received = 0
        connection.settimeout(LONG_ENOUGH)
        try:
            while piece := connection.recv(65536):
                received += len(piece)
        except ConnectionResetError:
            pass
        (whole,) = exchange(hurried.port, request(OPENAPI))
        assert received < 16 * len(whole.body)


def test_a_slow_reader_that_goes_on_is_answered(hurried: Worker) -> None:
    with connected(hurried.port, window=SMALL) as connection:
        send(connection, [request(OPENAPI, "Connection: close")])
        received, began = b"", time.monotonic()
        while piece := connection.recv(20_000):
            received += piece
            time.sleep(0.1)
        assert time.monotonic() - began > 2
        assert received.endswith(exchange(hurried.port, request(OPENAPI))[0].body)


def test_nothing_of_all_this_is_a_fault_in_the_log(hurried: Worker, key: str) -> None:
    """Nor is a client that leaves while it sends."""
    starts = [
        request(target, f"Authorization: Bearer {key}", kind, f"Content-Length: {length}", method="POST")
        for target, kind in (
            ("/api/v1/figures", "Content-Type: text/csv"),
            ("/api/v1/keys", "Content-Type: application/json"),
            ("/api/v1/returns/1/check", "Content-Type: application/json"),
        )
        for length in (99, 100_000)
    ]
    for start in (*starts, FORM):
        for pause in (0.0, 0.3):
            with connected(hurried.port) as connection:
                send(connection, [start, b"{"], pause)
    time.sleep(1)
    assert exchange(hurried.port, request(HEALTH))[0].status == 200
    assert hurried.log().partition("Traceback")[2] == ""
