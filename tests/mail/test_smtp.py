"""A mail server takes a message, refuses it, or cannot be used; and which of these it was is told apart."""

from urllib.parse import quote

import pytest

from app.mail.letter import HeldUp, Letter, NotNow, Refused, Unreachable
from app.mail.smtp import SmtpMailer
from tests.mail.sink import CERTIFICATE, Sink, sink, takes_password, tls

SENDER = "saferplan@council.example"
LETTER = Letter(
    "outbox-7-ab12", "analyst@police.example", "Figures for Q2 – due", "Still to come:\n\n- Crime\n"
)


def send(server: Sink, letter: Letter = LETTER) -> None:
    SmtpMailer(server.url, SENDER).send(letter)


def test_it_arrives_as_written_and_is_named_for_the_outbox() -> None:
    with sink() as server:
        send(server)
        send(server)
    first, second = server.mail
    assert first["To"] == LETTER.to
    assert first["From"] == f"Saferplan <{SENDER}>"
    assert first["Subject"] == LETTER.subject
    assert first.get_content().replace("\r\n", "\n") == LETTER.body
    assert first["Message-ID"] == second["Message-ID"] == "<outbox-7-ab12@council.example>"
    assert first["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("recipient", "data", "failure", "says"),
    [
        ("550 5.1.1 No such person", "250 OK", Refused, "550: 5.1.1 No such person"),
        ("450 Try later", "250 OK", NotNow, "450: Try later"),
        ("250 OK", "554 Spam", Refused, "554: Spam"),
        ("250 OK", "452 Full", NotNow, "452: Full"),
        ("550 5.7.1 Relaying denied", "250 OK", HeldUp, "550: 5.7.1 Relaying denied"),
        ("250 OK", "550 5.7.26 This mail is unauthenticated", HeldUp, "5.7.26"),
        ("530 5.7.0 Authentication required", "250 OK", Unreachable, "530"),
        ("450 4.7.1 Greylisted", "250 OK", NotNow, "450"),
        ("552 5.2.2 Mailbox full", "250 OK", Refused, "552"),
    ],
)
def test_for_good_and_for_now(recipient: str, data: str, failure: type[Exception], says: str) -> None:
    with sink() as server:
        server.recipient, server.data = recipient or "250 OK", data
        with pytest.raises(failure, match=says) as failed:
            send(server)
    assert type(failed.value) is failure
    assert server.mail == []


@pytest.mark.parametrize(
    "letter",
    [
        Letter("r", "a@b.example", "Hello\r\nBcc: everybody@b.example", "x"),
        Letter("r", "a@b.example", "Hello\nBcc: everybody@b.example", "x"),
        Letter("r", "a@b.example\r\nBcc: everybody@b.example", "Hello", "x"),
        Letter("r", "a@b.example, c@d.example", "Hello", "x"),
        Letter("r", "nobody", "Hello", "x"),
        Letter("r", "", "Hello", "x"),
    ],
)
def test_nobody_writes_a_header_of_their_own(letter: Letter) -> None:
    with sink() as server, pytest.raises(Refused):
        send(server, letter)
    assert server.mail == []


def test_an_address_of_ours_that_is_wrong_is_no_recipient_s_fault() -> None:
    with sink() as server, pytest.raises(Unreachable, match="mail comes from"):
        SmtpMailer(server.url, "not an address").send(LETTER)


def test_an_address_that_the_server_cannot_write_is_the_recipient_s() -> None:
    with sink(enable_SMTPUTF8=False) as server:
        with pytest.raises(Refused):
            send(server, Letter("r", "josé@b.example", "Hello", "x"))
        send(server)
    assert len(server.mail) == 1


def test_a_body_is_no_header_and_ends_no_message() -> None:
    body = "Bcc: x@y.example\n\n.\nQUIT\n.leading dot\n"
    with sink() as server:
        send(server, Letter("r", "a@b.example", "Hello", body))
    (mail,) = server.mail
    assert mail.get_content().replace("\r\n", "\n") == body
    assert mail["Bcc"] is None


def test_a_server_that_is_not_there_may_be_there_later() -> None:
    with sink() as server:
        pass
    with pytest.raises(Unreachable, match="could not be used"):
        send(server)


def test_a_password_is_given_and_a_wrong_one_is_put_right_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with sink(**takes_password("sender", "p@ss/word")) as server:
        place = server.url.removeprefix("smtp://")
        SmtpMailer(f"smtp://sender:{quote('p@ss/word', safe='')}@{place}", SENDER).send(LETTER)
        with pytest.raises(Unreachable, match="535") as refused:
            SmtpMailer(f"smtp://sender:guess@{place}", SENDER).send(LETTER)
    assert "guess" not in str(refused.value)
    assert len(server.mail) == 1


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_encrypted_with_a_certificate_that_is_trusted(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = (
        {"ssl_context": tls()} if scheme == "smtps" else {"tls_context": tls(), "require_starttls": True}
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with sink(scheme, **settings) as server:
        send(server)
        assert len(server.mail) == 1
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(Unreachable, match="certificate"):
            send(server)
    assert len(server.mail) == 1


def test_nothing_goes_in_the_clear_to_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.mail.smtp._is_loopback", lambda _host: False)
    with sink() as server, pytest.raises(Unreachable, match="no encryption"):
        send(server)
    assert server.mail == []
