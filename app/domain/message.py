"""A message to a person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    body: str
