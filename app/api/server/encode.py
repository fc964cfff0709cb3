"""JSON of answers, with the addresses of what they link to."""

from typing import Any

import pydantic_core

from app.api.server.link import address_of
from app.models.link import Link


def to_json(content: Any) -> bytes:
    """Encodes an answer; a `Link` in it becomes its address."""
    return pydantic_core.to_json(content, fallback=_address)


def _address(value: Any) -> str:
    if isinstance(value, Link):
        return address_of(value)
    raise TypeError(f"JSON of an answer cannot hold {type(value).__name__}")
