"""Checks the host that a request names: it may be the service's, this machine's, or the address it was sent to."""

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from app.api.server.problem import Refused
from app.config import Settings

HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{0,5})?")
MISSING = Refused(400, "host_required", "Send one Host header.")
TWICE = Refused(400, "host_twice", "Send the Host header once.")
UNKNOWN = Refused(
    400,
    "unknown_host",
    "This service is not known by the host that was asked for. It answers to the host of SAFERPLAN_PUBLIC_URL "
    "and to those of SAFERPLAN_HOSTS.",
)


class Hosts:
    """Host names that a deployment accepts. Ports are not compared: a proxy may drop them or add its own."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)

    def refusal(self, hosts: list[bytes], target: str | None, version: str, here: str) -> Refused | None:
        """The refusal of a request's host; None if it is accepted.

        `hosts` are its Host headers, `target` the host of an absolute address, `here` the address it was sent to.
        HTTP/1.0 has no Host header, and health checks of old proxies send none.
        """
        if len(hosts) > 1:
            return TWICE
        if not hosts and version != "1.0":
            return MISSING
        named = [host.decode("latin-1").strip() for host in hosts] + ([target] if target is not None else [])
        return None if all(self._knows(name, here) for name in named) else UNKNOWN

    def _knows(self, text: str, here: str) -> bool:
        match = HOST.fullmatch(text)
        if match is None:
            return False
        name = match[1].lower().strip("[]").removesuffix(".")
        if name == "localhost" or name in self._names:
            return True
        address = _address(name)
        return address is not None and (address.is_loopback or address == _address(here))


def hosts_of(settings: Settings) -> Hosts:
    """The host of the public address, and those of SAFERPLAN_HOSTS."""
    return Hosts([_ascii(urlsplit(settings.public_url).hostname or ""), *map(_ascii, settings.hosts)])


def _ascii(name: str) -> str:
    """A name in the form of a Host header: lower case, IDNA, no final dot."""
    return name.lower().removesuffix(".").encode("idna").decode()


@lru_cache(maxsize=256)
def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
