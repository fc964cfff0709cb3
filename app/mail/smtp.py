"""Sends by SMTP, always encrypted unless the mail server is on this machine."""

import ssl
from contextlib import suppress
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from ipaddress import ip_address
from smtplib import SMTP, SMTP_SSL, SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import unquote, urlsplit

from app.mail.letter import Letter, NotNow, Refused, Unreachable

SECONDS = 20.0
NAME = "Saferplan"


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
            connection.send_message(message)
            # The message is accepted by now: an error in QUIT changes nothing.
            with suppress(SMTPException, OSError):
                connection.quit()
        finally:
            connection.close()

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
    """Refused for permanent codes, from 500 (RFC 5321, 4.2.1); else NotNow."""
    reason = f"The mail server answered {_answer(code, text)}"
    return Refused(reason) if code >= 500 else NotNow(reason)


def _error_text(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        return f"It answered {_answer(error.smtp_code, error.smtp_error)}"
    return str(error)


def _answer(code: int, text: bytes | str) -> str:
    return f"{code}: {text.decode(errors='replace') if isinstance(text, bytes) else text}"
