"""Writes a period's text in one spelling, before it is looked at: plain dashes, small letters, "first half" as "h1"."""

import re

LONGEST_TEXT = 80
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("’‘", "'"))
_ORDINALS = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th"}
_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINALS)}) (?=quarter|qtr|half)")
_HALF = re.compile(r"\b(?:half ([12])|([12])(?:st|nd) half(?: year)?)\b")


def respelled(text: str) -> str:
    """The text in one spelling; of a longer one than `LONGEST_TEXT`, a character more than that."""
    plain_text = " ".join(text[: LONGEST_TEXT + 1].translate(_DASHES).casefold().split())
    plain_text = _ORDINAL.sub(lambda match: f"{_ORDINALS[match[1]]} ", plain_text)
    return _HALF.sub(lambda match: f"h{match[1] or match[2]}", plain_text)


def is_year_to_date(text: str) -> bool:
    return re.search(r"\bytd\b|year[ -]to[ -]date", respelled(text)) is not None
