"""What a careful reader would ask about a row of figures. A doubt never stops a row: it asks for a note."""

from collections.abc import Iterable
from typing import NamedTuple


class Doubt(NamedTuple):
    """`code` is stable and for programs; `words` say what was seen, in whole sentences."""

    code: str
    words: str


TELLING = (
    "percentage_as_fraction",
    "ten_times",
    "rule_broken",
    "parts_differ_from_total",
    "areas_differ_from_total",
    "total_does_not_recompute",
    "published_change_disagrees",
    "outside_usual_range",
    "unusual_length",
)
"""Every code there is, the most telling first."""
MOST = 2
"""Doubts that one row carries: with more, none is read."""
ASK = "If it is right, say why in “note”."
NOTED = "There is a note with it."


def most_telling(doubts: Iterable[Doubt], note: str) -> list[Doubt]:
    """The few doubts a row carries, each with what it asks of the sender; with a note, nothing more is asked."""
    kept = sorted(doubts, key=lambda doubt: TELLING.index(doubt.code))[:MOST]
    return [Doubt(code, f"{words} {NOTED if note else ASK}") for code, words in kept]
