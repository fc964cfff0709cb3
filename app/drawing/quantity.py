"""Splits the words of a figure into number and unit."""

import re

QUANTITY = re.compile(r"((?:about |over |under )?-?£?\d[\d,]*(?:\.\d+)?%?)(?: (.+))?", re.DOTALL)


def parted(words: str) -> tuple[str, str]:
    """Number and unit: ("2.20", "per 1,000 households"), ("about 43.3%", ""); without a number, ("", words)."""
    match = QUANTITY.fullmatch(words)
    return (match[1], match[2] or "") if match else ("", words)
