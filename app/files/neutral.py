"""Text that a spreadsheet would run as a formula, made harmless on its way out and as it was on its way in."""

import unicodedata

BEGINS_A_FORMULA = frozenset("=+-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−")
"""Also as they are written elsewhere: full width, small, raised, lowered, and the true minus sign. A spreadsheet set
to an East Asian language takes the first four for the ASCII ones."""
BREAKS_OUT = frozenset("\t\r\n")
"""What begins a cell or a line anew where a file is read carelessly."""
UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Unicode categories of what shows nothing, and is dropped from the front of a cell by one program or another."""


def neutral(text: str) -> str:
    """Text that a spreadsheet would run has an apostrophe before it; so has text that would look like that."""
    return f"'{text}" if _runs(text) else text


def restored(text: str) -> str:
    """Undoes `neutral`."""
    return text[1:] if text.startswith("'") and _runs(text) else text


def _runs(text: str) -> bool:
    """Whether a spreadsheet might run it, apostrophes before it aside: so the answer is the same with one more."""
    if text[:1].isalnum():
        return False
    bare = text.lstrip("'")
    return bare[:1] in BREAKS_OUT or _first_seen(bare) in BEGINS_A_FORMULA


def _first_seen(text: str) -> str:
    """The first character that shows something, apostrophes between spaces aside; empty where there is none."""
    return next((each for each in text if each != "'" and unicodedata.category(each) not in UNSEEN), "")
