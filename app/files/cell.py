"""Reads a cell of a table by its column, or refuses it and says how to mend it.

A CSV file's cells are all text. A workbook's have types of their own, and a spreadsheet may have converted them
(a period into a date, 43.3% into 0.433): that is undone where the meaning is certain, and refused where not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from app.domain.day import day_words
from app.domain.number import DIGITS
from app.domain.plan.indicator import Measure
from app.files.csv_injection import restored
from app.models.column import plain

NUMBERS = ("value", "numerator", "denominator", "sample_size", "margin", "margin_level")
PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
THOUSANDS = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]{1,2}")
MARKED = re.compile(r"(-?[0-9][0-9,.]*) ?([*†‡§#^]+|\[[a-z]{1,2}\]|\([a-z0-9]\))")
SPACED = re.compile(r"-?[0-9]{1,3}([   ][0-9]{3})+(\.[0-9]+)?")
NO_VALUE = {
    "n/a": "not_collected",
    "na": "not_collected",
    "-": "not_collected",
    "–": "not_collected",
    "none": "not_collected",
    "no data": "not_collected",
    "unknown": "not_available",
    "not known": "not_available",
    "tbc": "awaited",
    "pending": "awaited",
    "[x]": "not_available",
    "[c]": "confidential",
    "[z]": "not_applicable",
    "*": "confidential",
}
"""Texts that people write where there is no number, and the missing reason that is likely meant."""
REASONS = ("not_available", "confidential", "not_applicable", "not_collected", "awaited")


class CellRefused(Exception):
    """Raised for a wrong cell, with a code for programs and a message that says how to mend it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Percentage:
    """A number shown with a per cent sign: 43.3 where a workbook stores 0.433."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is computed from others."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that shows an error, such as #REF!."""

    text: str


def is_blank(cell: object) -> bool:
    return isinstance(cell, str) and not cell.strip()


def read(column: str, cell: object, measure: Measure | None) -> Any:
    """Converts a cell to the field named `column`. `measure` is of the row's indicator, where that is known."""
    if isinstance(cell, Formula):
        raise CellRefused(
            "formula",
            "This is a formula, and what it works out is not certain. Copy it and paste its value instead.",
        )
    if isinstance(cell, Fault):
        raise CellRefused(
            "cell_error", f"This shows the error {cell.text}. Put the number in, or a missing reason."
        )
    if column in NUMBERS:
        return _number(column, cell, measure)
    return _READERS.get(column, _text)(cell)


def _number(column: str, cell: object, measure: Measure | None) -> Decimal:
    expected = "a whole number" if column == "value" and measure is Measure.COUNT else "a number"
    match cell:
        case bool():
            cell_text = str(cell).upper()
            raise CellRefused("true_false_for_number", f"Expected {expected}, got {cell_text}.")
        case int() | float():
            return _typed(column, _exact(cell), measure)
        case Percentage():
            return _per_cent(column, cell.value, measure)
        case date() | time() | timedelta():
            raise CellRefused("date_for_number", _date_for_number(cell, expected))
    return _written(column, restored(str(cell).strip()), expected, measure)


def _exact(number: float) -> Decimal:
    """Converts a float to the digits that are certain: 43.300000000000004 was 43.3 when it was typed."""
    return Decimal(f"{number:.{DIGITS}g}")


def _typed(column: str, number: Decimal, measure: Measure | None) -> Decimal:
    if column == "value" and measure is Measure.PERCENTAGE and 0 < number < 1:
        raise CellRefused(
            "percentage_as_fraction",
            f"This is a percentage: write {plain(number * 100)} for {plain(number * 100)}%,"
            f" or {plain(number)}% as text if you mean less than one per cent.",
        )
    return number


def _per_cent(column: str, number: Decimal, measure: Measure | None) -> Decimal:
    takes = column == "margin_level" or (
        column in ("value", "margin") and measure in (None, Measure.PERCENTAGE)
    )
    if not takes:
        raise CellRefused("not_a_percentage", f"This is not a percentage. Write {plain(number)} without %.")
    return number


def _date_for_number(cell: date | time | timedelta, expected: str) -> str:
    cell_text = f"the date {day_words(cell)}" if isinstance(cell, date) else f"the time {cell}"
    return f"Expected {expected}, got {cell_text}. Format the cell as a number and type it again."


def _written(column: str, text: str, expected: str, measure: Measure | None) -> Decimal:
    """Parses a number written as text."""
    if PLAIN_NUMBER.fullmatch(text):
        return Decimal(text)
    if text.endswith("%") and PLAIN_NUMBER.fullmatch(text[:-1].rstrip()):
        return _per_cent(column, Decimal(text[:-1].rstrip()), measure)
    code, hint = _odd(text, counts=measure is Measure.COUNT and column == "value")
    raise CellRefused(code, f"Expected {expected}, got “{text[:40]}”{hint}")


def _odd(text: str, *, counts: bool) -> tuple[str, str]:
    """Code of the mistake in a text that should be a number, and the rest of the sentence on how to mend it."""
    folded = text.casefold()
    reason = NO_VALUE.get(folded) or folded.replace(" ", "_")
    if reason in REASONS:
        reason_text = reason.replace("_", " ")
        return "words_for_number", (
            f"; did you mean {reason_text}? Leave it empty and write {reason} in “missing”."
        )
    if marked := MARKED.fullmatch(text):
        bare = marked[1].replace(",", "")
        return "footnote_mark", f". Write {bare}, and put the mark {marked[2]} in “note”."
    for code, shape, bare in (
        ("thousands_separator", THOUSANDS, text.replace(",", "")),
        ("thousands_separator", SPACED, re.sub(r"\s", "", text)),
        ("decimal_comma", DECIMAL_COMMA, text.replace(",", ".")),
    ):
        if shape.fullmatch(text):
            return code, _write(bare, counts)
    bare = text.strip("£ ").replace(",", "")
    if text.startswith("£") and PLAIN_NUMBER.fullmatch(bare):
        return "currency_sign", _write(bare, counts)
    return "not_a_number", "."


def _write(bare: str, counts: bool) -> str:
    """Suggests `bare`, unless it is a fraction and the indicator counts things."""
    is_fraction = counts and "." in bare
    return (
        ". Write it in digits alone, with nothing between them." if is_fraction else f". Write it as {bare}."
    )


def _period(cell: object) -> str:
    if isinstance(cell, date):
        raise CellRefused(
            "date_for_period",
            f"The spreadsheet made the date {day_words(cell)} of it. Format the cell as text, and write"
            f" {cell:%Y-%m} for that month, or a period such as 2017-18-Q2.",
        )
    return _text(cell)


def _day(cell: object) -> str:
    match cell:
        case date():
            return f"{cell:%Y-%m-%d}"
        case bool() | int() | float() | Percentage():
            raise CellRefused(
                "number_for_date", "Expected a date, got a number. Write it as text, such as 2017-11-30."
            )
    return _text(cell)


def _free(cell: object) -> str:
    """Reads a note or a reason, in which a date is allowed."""
    return f"{cell:%Y-%m-%d}" if isinstance(cell, date) else _text(cell)


def _text(cell: object) -> str:
    match cell:
        case bool():
            return str(cell).upper()
        case int() | float():
            return plain(_exact(cell))
        case Percentage():
            return f"{plain(cell.value)}%"
        case date() | time() | timedelta():
            raise CellRefused(
                "date_for_text",
                "The spreadsheet made a date or time of it. Format the cell as text and type it again.",
            )
    return restored(str(cell).strip())


_READERS: dict[str, Callable[[object], str]] = {
    "period": _period,
    "expected_on": _day,
    "note": _free,
    "reason": _free,
}


def percentage(number: float) -> Percentage:
    """Converts a number that a workbook shows with a per cent sign."""
    return Percentage(_exact(number) * 100)
