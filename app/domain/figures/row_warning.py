"""Warnings about a row of figures. A warning never stops a row: it asks for a note."""

from collections.abc import Iterable
from typing import NamedTuple


class RowWarning(NamedTuple):
    """A warning. `code` is stable and for programs; `words` are full sentences for people."""

    code: str
    words: str


TELLING = (
    "percentage_as_fraction",
    "year_to_date",
    "ten_times",
    "number_for_note",
    "small_sample",
    "margin_as_fraction",
    "parts_rounded_down",
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
"""Warnings that one row carries: of more, people would read none."""
ASK = "If it is right, say why in “note”."
NOTED = "There is a note with it."


def most_telling(warnings: Iterable[RowWarning], note: str) -> list[RowWarning]:
    """Picks the few warnings that a row carries, and asks for a note with each unless there is one."""
    top = sorted(warnings, key=lambda warning: TELLING.index(warning.code))[:MOST]
    return [RowWarning(code, f"{words} {NOTED if note else ASK}") for code, words in top]
