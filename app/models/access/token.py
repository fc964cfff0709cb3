"""Hashes the tokens of keys, sessions and one-time links."""

import hashlib


def token_hash(token: str) -> str:
    """SHA-256: every token carries 256 random bits, so nothing slower is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
