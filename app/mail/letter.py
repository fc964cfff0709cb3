"""A message as a sender takes it, and the two ways a sending can fail."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    reference: str
    """The message's own for ever: sent twice after a crash, it says so by this."""
    to: str
    subject: str
    body: str


class Refused(Exception):
    """It will never be taken as it is. Its text says why, to whoever reads the outbox."""


class NotNow(Exception):
    """It may be taken later. Its text says why."""


class Unreachable(NotNow):
    """No other message would be taken just now either."""


class Mailer(Protocol):
    def send(self, letter: Letter) -> None:
        """Returns once it was taken on. Raises Refused or NotNow."""
