"""How a process of ours treats its memory."""

import ctypes
import gc
from contextlib import suppress

OBJECTS_BETWEEN_COLLECTIONS = 20_000
M_ARENA_MAX = -8
"""Its number in malloc.h."""


def collect_seldom() -> None:
    """Looks for garbage in cycles after 20,000 new objects, not 700.

    A start makes half a million that all stay, a scorecard some ten thousand that leave by themselves: looking
    through them as often as the interpreter would takes a sixth of a start.
    """
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)


def settle() -> None:
    """What is loaded by now stays for good, so collections need not look through it again.

    glibc would give every thread a heap of its own and get little back from them: two serve them all.
    """
    collect_seldom()
    gc.freeze()
    with suppress(AttributeError):  # another C library, which has no such setting
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)
