"""Sends by SMTP, always encrypted unless the mail server is on this machine."""

import re
import ssl
from contextlib import suppress
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from ipaddress import ip_address
from smtplib import (
    SMTP,
    SMTP_SSL,
    SMTPDataError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from urllib.parse import unquote, urlsplit

from app.mail.letter import HeldUp, Letter, NotNow, Refused, Unreachable

SECONDS = 20.0
NAME = "Saferplan"
_WANTS_SIGN_IN = (530, 534, 535, 538)
_CLOSING = 421
_POLICY = re.compile(r"[45]\.7\.[0-9]+\b")
"""Enhanced codes of security and policy (RFC 3463, 3.8): no relaying, no signature, a sender not allowed."""


class SmtpMailer:
    def __init__(self, url: str, sender: str) -> None:
        self._server = urlsplit(url)
        self._host = self._server.hostname or ""
        self._sender = sender

    def send(self, letter: Letter) -> None:
        message = self._message(letter)
        try:
            self._deliver(message)
        except SMTPRecipientsRefused as refusal:
            code, text = next(iter(refusal.recipients.values()))
            raise _failure(code, text) from refusal
        except SMTPDataError as refusal:
            raise _failure(refusal.smtp_code, refusal.smtp_error) from refusal
        except (SMTPException, OSError) as error:
            # Other refusals (a password, our own address) are the deployment's to correct.
            raise Unreachable(f"The mail server could not be used. {_error_text(error)}") from error

    def _message(self, letter: Letter) -> EmailMessage:
        """Makes the mail; raises Refused for a line end in a header or an invalid address."""
        message = EmailMessage()
        try:
            message["From"] = Address(NAME, addr_spec=self._sender)
        except (ValueError, IndexError, MessageError) as error:
            raise Unreachable(f"The address that mail comes from cannot be used: {error}") from error
        try:
            message["To"] = Address(addr_spec=letter.to)
            message["Subject"] = letter.subject
        except (ValueError, IndexError, MessageError) as error:
            raise Refused(f"The message cannot be written: {error}") from error
        message["Date"] = formatdate()
        message["Message-ID"] = f"<{letter.reference}@{self._sender.rpartition('@')[2]}>"
        # Keeps automatic replies, such as absence notes, from being sent.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        return message

    def _deliver(self, message: EmailMessage) -> None:
        connection = self._connect()
        try:
            self._prepare(connection)
            self._send(connection, message)
            # The message is accepted by now: an error in QUIT changes nothing.
            with suppress(SMTPException, OSError):
                connection.quit()
        finally:
            connection.close()

    def _send(self, connection: SMTP, message: EmailMessage) -> None:
        try:
            connection.send_message(message)
        except SMTPNotSupportedError as error:
            # The server cannot take letters such as é in an address: the recipient's, unless it is our own.
            raise (Refused if self._sender.isascii() else Unreachable)(_error_text(error)) from error

    def _connect(self) -> SMTP:
        port = self._server.port
        if self._server.scheme == "smtps":
            return SMTP_SSL(self._host, port or 465, timeout=SECONDS, context=ssl.create_default_context())
        return SMTP(self._host, port or 587, timeout=SECONDS)

    def _prepare(self, connection: SMTP) -> None:
        connection.ehlo_or_helo_if_needed()
        if self._server.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls(context=ssl.create_default_context())
        elif self._server.scheme == "smtp" and not _is_loopback(self._host):
            raise SMTPException("It offers no encryption (STARTTLS), so nothing was sent to it.")
        if self._server.username:
            connection.login(unquote(self._server.username), unquote(self._server.password or ""))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _failure(code: int, text: bytes | str) -> Refused | NotNow:
    """Whose fault an answer to a recipient or a message is; permanent codes are from 500 (RFC 5321, 4.2.1)."""
    answer = _answer(code, text)
    reason = f"The mail server answered {answer}"
    if code == _CLOSING or code in _WANTS_SIGN_IN:
        return Unreachable(reason)
    if code >= 500 and _POLICY.match(answer.partition(": ")[2]):
        return HeldUp(reason)
    return Refused(reason) if code >= 500 else NotNow(reason)


def _error_text(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        return f"It answered {_answer(error.smtp_code, error.smtp_error)}"
    return str(error)


def _answer(code: int, text: bytes | str) -> str:
    return f"{code}: {text.decode(errors='replace') if isinstance(text, bytes) else text}"
