"""A mail server for tests: it takes what it is told to take, and keeps it."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

TAKEN = "250 OK"
CERTIFICATE = Path(__file__).with_name("loopback.pem")
"""For 127.0.0.1, and trusted by nobody but a test that says so."""


@dataclass
class Sink:
    """`recipient` and `data` are what it answers to an address and to a message."""

    url: str
    recipient: str = TAKEN
    data: str = TAKEN
    mail: list[EmailMessage] = field(default_factory=list)
    came: Event = field(default_factory=Event)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.recipient == TAKEN:
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data == TAKEN:
            content = envelope.content
            assert isinstance(content, bytes)
            self.mail.append(message_from_bytes(content, policy=policy.default))
            self.came.set()
        return self.data


@contextmanager
def sink(scheme: str = "smtp", **settings: Any) -> Iterator[Sink]:
    """Serves on a free port of the loopback address. `settings` are aiosmtpd's."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    made = Sink(f"{scheme}://127.0.0.1:{port}")
    controller = Controller(made, hostname="127.0.0.1", port=port, **settings)
    controller.start()
    try:
        yield made
    finally:
        controller.stop()


def takes_password(name: str, password: str) -> dict[str, Any]:
    """Settings of a sink that somebody must sign in to, over TLS."""

    def check(_server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        good = (given.login, given.password) == (name.encode(), password.encode())
        return AuthResult(success=good, handled=False)

    return {"authenticator": check, "auth_required": True, "tls_context": tls()}


def tls() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context
