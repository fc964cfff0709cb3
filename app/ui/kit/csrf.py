"""The token every form carries, so that no other site can post one in a signed-in person's name.

It is an HMAC of a secret only this browser holds, so nothing needs storing or sharing between workers. Pages
are compressed, and compression can betray a text that recurs (BREACH), so each page masks it afresh.
"""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from starlette.requests import Request

FIELD = "csrf_token"


def signature(secret: str, purpose: bytes) -> bytes:
    """32 bytes that only a holder of the secret can make for this purpose."""
    return hmac.digest(secret.encode(), purpose, hashlib.sha256)


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def token(secret: str) -> str:
    """A token for one page; every call gives another, and all are good."""
    mask = secrets.token_bytes(32)
    return base64.urlsafe_b64encode(mask + _mixed(mask, signature(secret, b"form"))).decode()


def is_good(secret: str, text: str) -> bool:
    try:
        raw = base64.urlsafe_b64decode(text.encode())
    except ValueError:
        return False
    if len(raw) != 64:
        return False
    return hmac.compare_digest(_mixed(raw[:32], raw[32:]), signature(secret, b"form"))


def is_from_this_site(request: Request) -> bool:
    """What the browser says of where the form was. Silence is allowed: the token decides then."""
    fetched_from = request.headers.get("sec-fetch-site")
    if fetched_from is not None:
        return fetched_from in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None or origin == "null":
        return True
    return urlsplit(origin).netloc == request.headers.get("host")
