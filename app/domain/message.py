"""A message to a person."""

from dataclasses import dataclass

HELD_UP = "Email cannot be sent now. "
"""Begins the error of a message that waits for the mail service, or for its settings, to be put right."""


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    body: str
