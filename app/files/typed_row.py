"""Reads a figure that somebody typed into a form."""

import re
from collections.abc import Mapping

from app.files.row import read_row
from app.files.vocabulary import Vocabulary
from app.models.figures.sent_row import SentRow

NUMBER_COLUMNS = frozenset({"value", "numerator", "denominator", "sample_size", "margin", "margin_level"})
PRINTED = re.compile(r"-?£?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
"""A number as our own pages print it: "15,708"."""


def read_typed_row(number: int, texts: Mapping[str, str], vocabulary: Vocabulary) -> SentRow:
    """Reads texts by column as cells of a file are read; numbers may also be typed as pages print them.

    In a file they may not: there a comma also separates cells, and "43,3" may be a decimal.
    """
    cells = {name: without_commas(text) if name in NUMBER_COLUMNS else text for name, text in texts.items()}
    return read_row(number, cells, None, vocabulary)


def without_commas(text: str) -> str:
    """The text, of a number as pages print it without its commas."""
    return text.replace(",", "") if PRINTED.fullmatch(text.strip()) else text
