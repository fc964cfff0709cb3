"""A post: whether somebody is in it, and a title that names nobody."""

import re
from datetime import date
from enum import StrEnum

NAMES_PERSON = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Cllr|Councillor|Sgt|Insp|Supt)\b\.?\s+(?:[A-Z]\.?\s*)*[A-Z][a-z]+"
)
"""A form of address with a name after it, as in "Cllr A Smith". "Councillor for Haworth" is none."""


class PostOccupancy(StrEnum):
    FILLED = "filled"
    VACANT = "vacant"
    NOT_RECORDED = "not_recorded"

    @property
    def label(self) -> str:
        return {"filled": "Filled", "vacant": "Vacant", "not_recorded": "Not recorded"}[self.value]


def occupancy(filled_from: date | None, filled_until: date | None, day: date) -> PostOccupancy:
    """Whether somebody is in a post on a day. Without any day it is not recorded, which is not vacant."""
    if filled_from is None and filled_until is None:
        return PostOccupancy.NOT_RECORDED
    has_begun = filled_from is None or filled_from <= day
    has_ended = filled_until is not None and filled_until < day
    return PostOccupancy.FILLED if has_begun and not has_ended else PostOccupancy.VACANT


def names_person(text: str) -> bool:
    """Whether a text has a form of address with a name: posts are held, and never people's names."""
    return NAMES_PERSON.search(text) is not None
