"""Exact decimals, and their text for people."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

from app.domain.errors import NotFound, RuleBroken

DIGITS = 15
DECIMALS = 6
_SIXTH = Decimal(1).scaleb(-DECIMALS)
_FORMATS = tuple(f"z,.{places}f" for places in range(DECIMALS + 1))


_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_ROW_NUMBER = re.compile(r"[1-9][0-9]{0,9}")
LARGEST_ROW_NUMBER = 2**31 - 1
"""Beyond it PostgreSQL refuses even to compare."""


def is_whole(text: str) -> bool:
    """Whether a text is a whole number in its one canonical form: ASCII digits, no plus sign, no leading zero.

    Python's `int` also takes `1_0`, ` 5`, `+5` and the digits of other scripts.
    """
    return _INTEGER.fullmatch(text) is not None


def row_number(text: str, what: str) -> int:
    """Parses an id as a row number. Raises NotFound(what) for any text that the service does not write itself."""
    if _ROW_NUMBER.fullmatch(text) is None or int(text) > LARGEST_ROW_NUMBER:
        raise NotFound(what)
    return int(text)


def exact(value: Decimal, field: str = "value") -> Decimal:
    """Normalises a number: no trailing zeros, exponent or negative zero, and its value unchanged.

    RuleBroken("not_a_number") for NaN and infinities, ("too_many_decimals") beyond 6 decimals,
    ("too_many_digits") beyond 15 significant digits or from 10^15 upwards. Nothing is rounded.
    """
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise RuleBroken(field, "not_a_number", "Expected a number; NaN and infinities have no place here.")
    if not any(digits):
        return Decimal(0)
    if value.adjusted() >= DIGITS:
        raise RuleBroken(field, "too_many_digits", "Numbers here are below 1,000,000,000,000,000.")
    if exponent == 0:
        return value
    digit_count = len(digits)
    while exponent < 0 and digits[digit_count - 1] == 0:
        digit_count, exponent = digit_count - 1, exponent + 1
    if exponent < -DECIMALS:
        raise RuleBroken(field, "too_many_decimals", f"Give at most {DECIMALS} decimals.")
    if digit_count + max(exponent, 0) > DIGITS:
        raise RuleBroken(field, "too_many_digits", f"Give at most {DIGITS} significant digits.")
    return Decimal((sign, digits[:digit_count] + (0,) * max(exponent, 0), min(exponent, 0)))


def six_places(value: Decimal) -> Decimal:
    """Rounds half-even to 6 decimals, the finest that is stored: for results of a division."""
    return exact(value.quantize(_SIXTH, rounding=ROUND_HALF_EVEN))


def plain(value: Decimal, decimals: int | None = None) -> str:
    """Formats with thousands separators; `decimals` None prints all there are, less trailing zeros.

    A number above zero is not rounded to nothing: 0.05 in one decimal is "0.05", not "0.0".
    """
    if decimals is not None:
        text = format(value, _FORMATS[decimals] if 0 <= decimals <= DECIMALS else f"z,.{decimals}f")
        if text[0] != "0" or value <= 0 or text.strip("0."):
            return text
        stored = format(value, _FORMATS[DECIMALS])
        return stored.rstrip("0") if stored.strip("0.") else text
    text = f"{value:z,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_words(value: Decimal, unit: str = "", decimals: int | None = None) -> str:
    """Formats a number with its unit: "43.3%", "1,407", "£5,000", "4.2 per 1,000 residents", "14 days".

    `unit` is "%", "£", or words that follow the number. Rounds half-even to `decimals`, in the text only.
    """
    if unit == "£":
        sign = "-" if value < 0 else ""
        places = decimals if decimals else None if value == value.to_integral_value() else 2
        return f"{sign}£{plain(abs(value), places)}"
    number = plain(value, decimals)
    if unit == "%":
        return f"{number}%"
    return f"{number} {unit}" if unit else number


def change_words(before: Decimal, after: Decimal, unit: str = "", decimals: int = 1) -> str:
    """Describes a change: "up 7.1%", for a percentage "up 0.9 points"; "unchanged"; from nothing, the two numbers.

    A change in a percentage is a difference, in points; any other change is a percentage of `before`.
    """
    if before == after:
        return "unchanged"
    way = "up" if after > before else "down"
    if unit == "%":
        points = plain(abs(after - before), max(decimals, 1))
        return f"{way} {points} {'point' if points == '1.0' else 'points'}"
    if before <= 0:
        return f"{way} from {number_words(before, unit)} to {number_words(after, unit)}"
    percent = abs(after - before) * 100 / before
    if percent < Decimal("0.05"):
        return f"{way} by less than 0.1%"
    return f"{way} {plain(percent, 1 if percent < 1000 else 0)}%"
