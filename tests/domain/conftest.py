"""Tests of the domain take no database and hardly any time: a slow one has strayed from where it belongs."""

from collections.abc import Iterator
from time import process_time

import pytest

MOST = 5.0
"""Seconds of processor time, some times what the longest of them takes."""


@pytest.fixture(scope="session")
def quick_passwords() -> None:
    """Nothing here has one, and the service need not be imported."""


@pytest.fixture(autouse=True)
def quickly() -> Iterator[None]:
    began = process_time()
    yield
    assert process_time() - began < MOST, "too slow for a test of the domain"
