"""The words of a figure, taken apart: its number, and what it is a number of."""

import re

QUANTITY = re.compile(r"((?:about |over |under )?-?£?\d[\d,]*(?:\.\d+)?%?)(?: (.+))?", re.DOTALL)


def parted(words: str) -> tuple[str, str]:
    """("2.20", "per 1,000 households"), ("about 43.3%", ""); of words without a number, all are the second."""
    found = QUANTITY.fullmatch(words)
    return (found[1], found[2] or "") if found else ("", words)
