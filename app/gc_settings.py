"""Settings of garbage collection and of the C library's heaps."""

import ctypes
import gc
from contextlib import suppress

OBJECTS_BETWEEN_COLLECTIONS = 20_000
M_ARENA_MAX = -8
"""Its number in malloc.h."""


def collect_seldom() -> None:
    """Collects garbage after 20,000 new objects, not 700.

    A start creates half a million that all stay, a scorecard some ten thousand that are freed without it:
    collecting as often as the interpreter would takes a sixth of the time of a start.
    """
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)


def freeze_loaded_objects() -> None:
    """Excludes the objects loaded so far from garbage collection, as they are never freed; limits glibc to two heaps.

    glibc would give every thread a heap of its own and get little memory back from them.
    """
    collect_seldom()
    gc.freeze()
    with suppress(AttributeError):  # another C library, which has no such setting
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)
