"""A previewed file, carried by the page itself between preview and sending, so that nothing is kept here.

It is signed with the session's own secret: what is sent is exactly what was previewed, by the same person.
"""

import base64
import binascii
import hmac
import zlib

from app.ui import csrf

MOST = 10 * 1024 * 1024
"""Bytes of a file, as the API takes."""
MOST_CARRIED = 6 * 1024 * 1024
"""Characters of a file compressed and written in a page."""


class CannotHold(Exception):
    """The file is too large to carry, or what came back is not what was previewed."""


def _sealed(secret: str, packed: bytes) -> bytes:
    return hmac.digest(csrf.signature(secret, b"held file"), packed, "sha256")


def hold(secret: str, content: bytes) -> str:
    """The file as text for a hidden field.

    Raises CannotHold for one that stays too large however well it is packed.
    """
    packed = zlib.compress(content, 9)
    text = base64.b64encode(_sealed(secret, packed) + packed).decode()
    if len(content) > MOST or len(text) > MOST_CARRIED:
        raise CannotHold
    return text


def release(secret: str, text: str) -> bytes:
    """The bytes that were held.

    Raises CannotHold unless this browser's session held them; they are unpacked only then.
    """
    try:
        raw = base64.b64decode(text.encode(), validate=True)
    except (ValueError, binascii.Error) as error:
        raise CannotHold from error
    seal, packed = raw[:32], raw[32:]
    if not hmac.compare_digest(seal, _sealed(secret, packed)):
        raise CannotHold
    return zlib.decompress(packed)
