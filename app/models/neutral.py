"""Text that a spreadsheet would run as a formula, made harmless on its way out and as it was on its way in."""

RUNS_IN_A_SPREADSHEET = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """Text that a spreadsheet would run has an apostrophe before it; so has text that would look like that."""
    return f"'{text}" if text.lstrip("'").startswith(RUNS_IN_A_SPREADSHEET) else text


def restored(text: str) -> str:
    """Undoes `neutral`."""
    return text[1:] if text.startswith("'") and neutral(text) != text else text
