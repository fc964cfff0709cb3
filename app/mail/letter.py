"""A message to send, and the errors of sending: refused, or to be tried again."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    reference: str
    """Unique for ever: if a message is sent twice after a crash, both have the same reference."""
    to: str
    subject: str
    body: str


class Refused(Exception):
    """The recipient will never be sent the message; the text is the reason shown in the outbox."""


class NotNow(Exception):
    """The recipient may be sent the message later; the text is the reason."""


class HeldUp(NotNow):
    """A fault of the mail service or of our settings for it, which somebody has to put right first."""


class Unreachable(HeldUp):
    """A fault that holds up every message: the service is down, refuses our key or template, or limits us."""


class Mailer(Protocol):
    def send(self, letter: Letter) -> None:
        """Sends the letter; returns once it was accepted. Raises Refused or NotNow."""
