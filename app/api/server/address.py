"""Keys in addresses: they end up in logs, so they are found however their names are written."""

import re
from itertools import islice
from urllib.parse import unquote_plus

SECRETS = frozenset(
    [
        "key",
        "token",
        "apikey",
        "xapikey",
        "accesskey",
        "accesstoken",
        "authorization",
        "bearer",
        "secret",
        "password",
    ]
)
SUSPECT = re.compile(rb"(?:^|[&;])([^=&;]*(?:key|token|authorization|bearer|secret|password|%)[^=&;]*)", re.I)
"""A parameter's name that is worth a closer look: most queries have none."""
AFTER_THE_NAME = re.compile(r"[=\[].*", re.DOTALL)
NOT_IN_A_NAME = re.compile(r"[^a-z0-9]")
MOST_DECODINGS = 4
LONGEST_NAME = 200
MOST_LOOKED_AT = 50
"""More parameters than any route takes."""


def names_secret(query: bytes) -> bool:
    """Whether a query has a parameter that is named as secrets are, be it `Key[]`, `%6bey` or `api-key`."""
    return any(_plain(match[1]) in SECRETS for match in islice(SUSPECT.finditer(query), MOST_LOOKED_AT))


def _plain(name: bytes) -> str:
    """The name alone, decoded until nothing changes, in lower case and without signs."""
    text = name[:LONGEST_NAME].decode("latin-1")
    for _ in range(MOST_DECODINGS):
        decoded = unquote_plus(text)
        if decoded == text:
            break
        text = decoded
    return NOT_IN_A_NAME.sub("", AFTER_THE_NAME.sub("", text).lower())
