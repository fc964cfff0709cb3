"""Refusals that read no body: the answer comes while the sender is still sending, and the connection ends."""

import pytest

from tests.server.raw import Answer, answers, connected, exchange, request, send
from tests.worker import Worker

MB = 1024 * 1024
BODY = b"x" * 65_536
WAITS = "Expect: 100-continue"
JSON = "Content-Type: application/json"


def refusal(server: Worker, target: str, *headers: str) -> Answer:
    """The only answer to a head whose body never comes; nothing asks for the body."""
    (answer,) = exchange(server.port, request(target, *headers, method="POST"))
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"
    return answer


@pytest.mark.parametrize(
    "length", ["Content-Length: 60", "Content-Length: 900000", "Transfer-Encoding: chunked"]
)
@pytest.mark.parametrize(
    "target", ["/api/v1/figures", "/api/v1/uploads", "/api/v1/keys", "/api/v1/returns/1/check"]
)
def test_who_is_not_known_is_asked_for_no_body(server: Worker, target: str, length: str) -> None:
    for who in ((), ("Authorization: Bearer sp_nobody_secret",), ("Authorization: Basic eDp5",)):
        assert refusal(server, target, *who, WAITS, JSON, length).status == 401
        if length != "Content-Length: 60":
            assert refusal(server, target, *who, JSON, length).status == 401


def test_what_is_not_taken_is_asked_for_no_body(server: Worker, key: str) -> None:
    who = f"Authorization: Bearer {key}"
    assert refusal(server, "/api/v1/plans/import", who, WAITS, "Content-Length: 60", JSON).status in (
        403,
        415,
    )
    assert refusal(server, "/api/v1/keys", who, WAITS, "Content-Length: 60").status == 415
    assert refusal(server, "/api/v1/keys", who, WAITS, JSON, f"Content-Length: {2 * MB}").status == 413
    assert refusal(server, "/api/v1/sessions", WAITS, JSON, f"Content-Length: {MB}").status == 413
    assert refusal(server, "/api/v1/nowhere", WAITS, JSON, f"Content-Length: {MB}").status == 404


def test_who_is_known_is_asked_for_it(server: Worker, key: str) -> None:
    with connected(server.port) as connection:
        head = request(
            "/api/v1/keys", f"Authorization: Bearer {key}", WAITS, JSON, "Content-Length: 2", method="POST"
        )
        send(connection, [head])
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        send(connection, [b"{}"])
        assert answers(connection)[0].status == 422


@pytest.mark.parametrize("length", [f"Content-Length: {300 * MB}", "Transfer-Encoding: chunked"])
def test_a_long_body_of_nobodys_is_cut_off_and_costs_nothing(server: Worker, length: str) -> None:
    chunk = b"%x\r\n%b\r\n" % (len(BODY), BODY)
    exchange(server.port, request())
    before = server.peak_memory()
    for target in ("/api/v1/figures", "/api/v1/sessions", "/api/v1/nowhere", "/sign-in", "/nowhere"):
        with connected(server.port) as connection:
            head = request(target, length, JSON, method="POST")
            assert send(connection, [head, *[chunk] * 4_800]) < 150 * MB
    assert server.peak_memory() - before < 8 * MB


def test_one_that_reads_after_sending_gets_the_answer(server: Worker) -> None:
    """It is not cut off at once."""
    for size in (200_000, 12 * MB):
        (answer,) = exchange(
            server.port, request("/api/v1/figures", f"Content-Length: {size}", method="POST") + b"x" * size
        )
        assert answer.status in (401, 413)
