"""Masks bank details in text: the product pays nobody, so that none are ever stored."""

import re

SORT_CODE = r"(?<![\d-])\d{2}[ -]?\d{2}[ -]?\d{2}(?![\d-])"
ACCOUNT = r"(?<![\d-])(?:\d{8}|\d{4}[ -]\d{4})(?![\d-])"
BETWEEN = r"[^\d]{1,40}?"
PAIR = re.compile(f"(?:{SORT_CODE}{BETWEEN}{ACCOUNT}|{ACCOUNT}{BETWEEN}{SORT_CODE})")
DAY = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
MASK = "[bank details removed]"
WARNING = (
    "Text that looks like a sort code with an account number was taken out before it was stored. "
    "Bank details are held in your payment system, never here."
)


def mask_bank_details(text: str) -> str:
    """Replaces each sort code that stands beside an account number, in either order."""
    return PAIR.sub(_mask_unless_day, text)


def _mask_unless_day(match: re.Match[str]) -> str:
    """Leaves a six-digit number beside a day written in eight digits."""
    eight = [number for number in re.findall(r"\d{8}", match[0]) if DAY.fullmatch(number)]
    return match[0] if eight else MASK
