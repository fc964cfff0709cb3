"""Form tokens, which keep other sites from posting a form in a signed-in person's name.

A token is an HMAC of a secret that only this browser has, so nothing is stored or shared between workers. Pages
are compressed, and compression can betray a text that recurs (BREACH), so each page masks the token anew.
"""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from starlette.requests import Request

FIELD = "csrf_token"


def signature(secret: str, purpose: bytes) -> bytes:
    """HMAC-SHA256 of the purpose under the secret: 32 bytes."""
    return hmac.digest(secret.encode(), purpose, hashlib.sha256)


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def token(secret: str) -> str:
    """A token for one page; each call gives another, and all are valid."""
    mask = secrets.token_bytes(32)
    return base64.urlsafe_b64encode(mask + _xor(mask, signature(secret, b"form"))).decode()


def is_valid(secret: str, text: str) -> bool:
    try:
        raw = base64.urlsafe_b64decode(text.encode())
    except ValueError:
        return False
    if len(raw) != 64:
        return False
    return hmac.compare_digest(_xor(raw[:32], raw[32:]), signature(secret, b"form"))


def is_from_this_site(request: Request) -> bool:
    """Whether the browser says that the form was on this site; true if it says nothing, as the token decides then."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None or origin == "null":
        return True
    return urlsplit(origin).netloc == request.headers.get("host")
