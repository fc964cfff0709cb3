"""GOV.UK Notify's client against a server that answers as the real one is documented to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from app.mail.letter import HeldUp, Letter, Refused, Unreachable
from app.mail.notify import NotifyMailer

SERVICE, SECRET, TEMPLATE = (f"{digit * 8}-1111-1111-1111-{digit * 12}" for digit in "abc")
LETTER = Letter("outbox-7-ab12", "analyst@police.example", "Figures are due", "Still to come:\n\n- Crime\n")


class Answering(HTTPServer):
    """Gives one answer to every request, and keeps what was asked."""

    def __init__(self, status: int, answer: Any) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.answer = status, answer
        self.asked: list[tuple[str, str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Answering

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], body))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(json.dumps(self.server.answer).encode())

    def log_message(self, *_args: Any) -> None:
        """Tests have their own words."""


@contextmanager
def answering(status: int, answer: Any) -> Iterator[Answering]:
    with Answering(status, answer) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def send(url: str) -> None:
    mailer = NotifyMailer(f"saferplan-{SERVICE}-{SECRET}", TEMPLATE, url)
    try:
        mailer.send(LETTER)
    finally:
        mailer._client.request_session.close()


def test_it_is_sent_with_the_template_and_named_for_the_outbox() -> None:
    with answering(201, {"id": "740e5834-3a29-46b4-9a6f-16142fde533a"}) as server:
        send(server.url)
    ((path, authorisation, body),) = server.asked
    assert path == "/v2/notifications/email"
    assert authorisation.startswith("Bearer ")
    assert SECRET not in authorisation
    assert body == {
        "email_address": LETTER.to,
        "template_id": TEMPLATE,
        "personalisation": {"subject": LETTER.subject, "body": LETTER.body},
        "reference": LETTER.reference,
    }


def refusal(kind: str, message: str) -> dict[str, Any]:
    return {"errors": [{"error": kind, "message": message}]}


@pytest.mark.parametrize(
    ("status", "answer", "failure", "says"),
    [
        (
            400,
            refusal("ValidationError", "email_address is not valid"),
            Refused,
            "email_address is not valid",
        ),
        (
            400,
            refusal("ValidationError", "email_address is a required property"),
            Refused,
            "email_address is a required property",
        ),
        (400, refusal("BadRequestError", "Template not found"), Unreachable, "Template not found"),
        (400, refusal("BadRequestError", "Template has been deleted"), Unreachable, "deleted"),
        (400, refusal("ValidationError", "template_id is not a valid UUID"), Unreachable, "valid UUID"),
        (400, refusal("BadRequestError", "Missing personalisation: body"), Unreachable, "personalisation"),
        (400, refusal("BadRequestError", "You can’t send emails now"), Unreachable, "can’t send"),
        (
            400,
            refusal("BadRequestError", "Can’t send to this recipient when service is in trial mode"),
            HeldUp,
            "trial mode",
        ),
        (
            400,
            refusal("BadRequestError", "Can’t send to this recipient using a team-only API key"),
            HeldUp,
            "team-only",
        ),
        (
            400,
            {
                "errors": [
                    {"error": "ValidationError", "message": "email_address is not valid"},
                    {"error": "ValidationError", "message": "template_id is not a valid UUID"},
                ]
            },
            Unreachable,
            "not valid; template_id",
        ),
        (400, {"errors": []}, Unreachable, "no reason given"),
        (400, {}, Unreachable, "no reason given"),
        (401, refusal("AuthError", "Unauthorized"), Unreachable, "Unauthorized"),
        (404, {"errors": ["Not found"]}, Unreachable, "Not found"),
        (403, refusal("AuthError", "Invalid token: API key not found"), Unreachable, "API key not found"),
        (429, refusal("RateLimitError", "Exceeded rate limit"), Unreachable, "429: Exceeded rate limit"),
        (500, refusal("Exception", "Internal server error"), Unreachable, "500: Internal server error"),
        (502, "<html>", Unreachable, "502"),
    ],
)
def test_for_good_and_for_now(status: int, answer: Any, failure: type[Exception], says: str) -> None:
    with answering(status, answer) as server, pytest.raises(failure, match=says) as failed:
        send(server.url)
    assert type(failed.value) is failure


def test_nobody_there_is_for_now() -> None:
    with answering(201, {}) as server:
        pass
    with pytest.raises(Unreachable, match="503"):
        send(server.url)
