"""How much of a request is read before anybody is known: counted before it is kept, told as a problem document."""

import pytest

from tests.server.raw import Answer, answers, connected, exchange, request, send
from tests.worker import Worker

MB = 1024 * 1024
HEAD = request()[:-2]
"""A head that is not complete: more headers may follow."""


def assert_refused(answer: Answer, status: int, code: str) -> None:
    """The one error shape, and the end of the connection."""
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json"), answer
    document = answer.json()
    assert (document["status"], document["code"], document["errors"]) == (status, code, [])
    assert document["request_id"] == answer.headers["x-request-id"]
    assert document["title"] != "Refused"
    assert answer.headers["connection"] == "close"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert int(answer.headers["content-length"]) == len(answer.body)


def lines(*sizes: int) -> bytes:
    """Headers of so many bytes each, with their line ends."""
    return b"".join(b"h%05d: " % place + b"x" * (size - 10) + b"\r\n" for place, size in enumerate(sizes))


FIRST = len("Host: localhost\r\n")


@pytest.mark.parametrize(
    "more",
    [
        lines(*[20] * 63),
        lines(8192),
        lines(8192, 8192, 8192, 8192 - FIRST),
        b"".join(b"a:\r\n" for _ in range(63)),
    ],
    ids=["64 headers", "8 kB", "32 kB together", "64 short ones"],
)
def test_headers_up_to_the_limit_are_taken(server: Worker, more: bytes) -> None:
    (answer,) = exchange(server.port, HEAD + more + b"\r\n")
    assert answer.status == 200


@pytest.mark.parametrize(
    "more",
    [
        lines(*[20] * 64),
        lines(8193),
        lines(8192, 8192, 8192, 8193 - FIRST),
        b"".join(b"a:\r\n" for _ in range(64)),
        b"a: " + b" " * 50_000 + b"b\r\n",
        b"x" * 50_000,
    ],
    ids=["65 headers", "8 kB and one", "32 kB and one", "short ones", "blanks", "a name without an end"],
)
def test_beyond_it_they_are_refused(server: Worker, more: bytes) -> None:
    (answer,) = exchange(server.port, HEAD + more + b"\r\n")
    assert_refused(answer, 431, "headers_too_large")
    assert exchange(server.port, request())[0].status == 200


def test_a_request_line_of_8_kb_is_taken_and_no_longer_one(server: Worker) -> None:
    around = len("GET  HTTP/1.1\r\n")
    longest = "/api/v1/" + "x" * (8192 - around - 8)
    assert exchange(server.port, request(longest))[0].status == 404
    for target in (longest + "x", longest * 8, "/?" + "x" * MB):
        assert_refused(exchange(server.port, request(target))[0], 414, "address_too_long")


def test_empty_lines_before_a_request_have_an_end(server: Worker) -> None:
    assert exchange(server.port, b"\r\n\r\n" + request())[0].status == 200
    assert_refused(exchange(server.port, b"\r\n" * 50_000)[0], 431, "headers_too_large")


@pytest.mark.parametrize(
    ("flood", "piece"),
    [
        (b"a:\r\n" * 16_384, 960),
        (b"x" * 65_536, 1_600),
        (b"\x00" * 65_536, 160),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", 1),
    ],
    ids=["60 MB of headers", "one of 100 MB", "zeros", "chunked"],
)
def test_a_flood_is_refused_before_memory_grows(
    server: Worker, flood: bytes, piece: int, long_form: bool
) -> None:
    """A flood is cut off long before its end; four come at once."""
    exchange(server.port, request())
    before = server.peak_memory()
    for _ in range(20 if long_form else 2):
        with connected(server.port) as one, connected(server.port) as other:
            for connection in (one, other):
                parts = [HEAD, *[flood] * piece]
                assert send(connection, parts) < 40 * MB
    assert server.peak_memory() - before < 8 * MB


def test_a_flood_of_trailers_or_chunk_extensions_is_refused(server: Worker, key: str) -> None:
    """Beside its own size a body may take little: a long extension or trailer would cost memory or time for nothing."""
    head = request(
        "/api/v1/figures",
        f"Authorization: Bearer {key}",
        "Content-Type: text/csv",
        "Transfer-Encoding: chunked",
        method="POST",
    )
    exchange(server.port, request())
    before = server.peak_memory()
    for rest in (
        b"1;" + b"x" * MB,
        b"1\r\nx\r\n0\r\nTrailer: " + b"x" * MB,
        b"1\r\nx\r\n0\r\n" + b"a: b\r\n" * 100_000,
        b"0" * MB,
    ):
        with connected(server.port) as connection:
            send(connection, [head, *[rest] * 30])
            (answer,) = answers(connection)
            assert_refused(answer, 431, "headers_too_large")
    assert server.peak_memory() - before < 8 * MB


def test_a_body_may_come_in_chunks_of_a_byte(server: Worker, key: str) -> None:
    csv = b"indicator,period,value,status,reason\n" + b"count-01,2017-09,12,final,Once more\n" * 1_000
    head = request(
        "/api/v1/figures?dry_run=true",
        f"Authorization: Bearer {key}",
        "Content-Type: text/csv",
        "Transfer-Encoding: chunked",
        method="POST",
    )
    (answer,) = exchange(server.port, head + b"".join(b"1\r\n%c\r\n" % byte for byte in csv) + b"0\r\n\r\n")
    assert answer.status == 200, answer
    assert len(answer.json()["rows"]) == 1_000


def test_trailers_add_nothing_to_the_headers(server: Worker, key: str) -> None:
    head = request("/api/v1/keys", "Transfer-Encoding: chunked", "Trailer: Authorization", method="POST")
    body = f"2\r\n{{}}\r\n0\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n\r\n".encode()
    for pause in (0.0, 0.2):
        assert exchange(server.port, head, body, pause=pause)[0].status in (401, 415)


def test_pipelined_requests_are_answered_in_order_up_to_a_bound(server: Worker) -> None:
    ten = [request(f"/api/v1/{number}", f"X-Request-ID: {number}") for number in range(10)]
    found = exchange(server.port, b"".join(ten), many=10)
    assert [(each.status, each.headers["x-request-id"]) for each in found] == [
        (404, str(number)) for number in range(10)
    ]
    many = exchange(server.port, b"".join(ten) * 20_000, many=200_000)
    assert 1 <= len(many) <= 17
    assert many[-1].headers["connection"] == "close"


def test_a_bad_request_is_never_taken_for_the_answer_to_an_earlier_one(server: Worker) -> None:
    """It is given no answer: the connection ends with that to the earlier one."""
    (answer,) = exchange(server.port, request() + b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n" + request())
    assert (answer.status, answer.headers["connection"]) == (200, "close")
