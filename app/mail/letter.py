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
    """The message will never be accepted as it is; the text is the reason shown in the outbox."""


class NotNow(Exception):
    """The message may be accepted later; the text is the reason."""


class Unreachable(NotNow):
    """No message would be accepted now: the service is down, refuses our key or limits us."""


class Mailer(Protocol):
    def send(self, letter: Letter) -> None:
        """Sends the letter; returns once it was accepted. Raises Refused or NotNow."""
