"""Passwords hashed in no time, for tests that are not about the hash: of the service's own each takes 50 ms."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from argon2 import PasswordHasher

from app.commands.access import password
from tests.build import password_hash

QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
SERVICE_HASHER = password.HASHER


@contextmanager
def hashed_with(hasher: PasswordHasher) -> Iterator[None]:
    """While the block runs; no hash that is kept here outlives it."""
    remembered = (password._nobodys, password_hash)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(password, "HASHER", hasher)
        for each in remembered:
            each.cache_clear()
        yield
    for each in remembered:
        each.cache_clear()
