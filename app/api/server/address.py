"""Detects secrets in query strings, which would end up in logs, however their names are spelled."""

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
"""A parameter whose name may be a secret's; most queries have none, and need no further check."""
AFTER_THE_NAME = re.compile(r"[=\[].*", re.DOTALL)
NOT_IN_A_NAME = re.compile(r"[^a-z0-9]")
MOST_DECODINGS = 4
LONGEST_NAME = 200
MOST_LOOKED_AT = 50
"""More parameters than any route takes."""


def names_secret(query: bytes) -> bool:
    """Whether a query has a parameter with a secret's name, in any spelling: `Key[]`, `%6bey`, `api-key`."""
    return any(_plain(match[1]) in SECRETS for match in islice(SUSPECT.finditer(query), MOST_LOOKED_AT))


def _plain(name: bytes) -> str:
    """Normalises a name: decoded until it no longer changes, lower case, letters and digits only."""
    text = name[:LONGEST_NAME].decode("latin-1")
    for _ in range(MOST_DECODINGS):
        decoded = unquote_plus(text)
        if decoded == text:
            break
        text = decoded
    return NOT_IN_A_NAME.sub("", AFTER_THE_NAME.sub("", text).lower())
