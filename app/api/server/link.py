"""Addresses of resources."""

from app.models.link import Link

BASE = "/api/v1"


def address_of(link: Link) -> str:
    """Gives a path such as `/api/v1/figures/12`."""
    return f"{BASE}/{link.collection}/{link.id}"
