"""Escapes text that a spreadsheet would run as a formula, and undoes that in files sent back."""

import unicodedata

BEGINS_A_FORMULA = frozenset("=+-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−")
"""Also as they are written elsewhere: full width, small, raised, lowered, and the true minus sign. A spreadsheet set
to an East Asian language takes the first four for the ASCII ones."""
BREAKS_OUT = frozenset("\t\r\n")
"""Characters that begin a new cell or line where a file is read carelessly."""
UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Unicode categories of invisible characters. Some programs drop them from the front of a cell."""


def neutral(text: str) -> str:
    """Prefixes an apostrophe to text that a spreadsheet would run, and to text already so prefixed, so that it
    round-trips."""
    return f"'{text}" if _runs(text) else text


def restored(text: str) -> str:
    """Undoes `neutral`."""
    return text[1:] if text.startswith("'") and _runs(text) else text


def _runs(text: str) -> bool:
    """Whether a spreadsheet might run the text. Leading apostrophes are ignored: one more changes nothing."""
    if text[:1].isalnum():
        return False
    bare = text.lstrip("'")
    return bare[:1] in BREAKS_OUT or _first_visible(bare) in BEGINS_A_FORMULA


def _first_visible(text: str) -> str:
    """The first visible character, except apostrophes; empty where there is none."""
    return next((each for each in text if each != "'" and unicodedata.category(each) not in UNSEEN), "")
