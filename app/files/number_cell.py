"""Reads a number from a cell, or refuses it and says what to write."""

from datetime import date, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from app.domain.day import day_words
from app.domain.number import DECIMALS, DIGITS
from app.domain.plan.indicator import Measure
from app.files.cell import (
    CellRefused,
    MonthCell,
    Percentage,
    Pounds,
    Reading,
    Remark,
    RichText,
    exact_decimal,
)
from app.files.csv_injection import restored
from app.files.number_correction import PLAIN_NUMBER, NumberField, digits_of
from app.files.number_text import LONGEST_TEXT, number_advice
from app.models.column import plain

NUMBERS = ("value", "numerator", "denominator", "sample_size", "margin", "margin_level")
SHARES = ("value", "margin", "baseline", "milestone", "amount")
"""Columns and fields in the unit of the indicator."""
PER_CENT = ("margin_level", "tolerance")
COUNTS = ("value", "baseline", "milestone")
"""Those that are whole numbers where the indicator is a count."""
WHOLE_NUMBERS = ("publication_lag_days", "whole_number")
SHOWN_TEXT = 40


def read_number(column: str, cell: object, measure: Measure | None) -> Reading:
    """Converts a cell to a number of at most six decimals. `measure` is of the row's indicator, if known."""
    is_count = column in WHOLE_NUMBERS or (column in COUNTS and measure is Measure.COUNT)
    field = NumberField(column, measure, is_count)
    expected = "a whole number" if field.is_count else "a number"
    match cell:
        case bool():
            raise CellRefused("true_false_for_number", f"Expected {expected}, got {str(cell).upper()}.")
        case int() | float():
            return _rounded(_typed(exact_decimal(cell)))
        case Pounds():
            number = exact_decimal(cell.value)
            if not _takes_pounds(column, measure):
                raise CellRefused("currency_sign", f"This is not in pounds. Write {plain(number)} without £.")
            return _rounded(number)
        case Percentage():
            return _rounded(_per_cent(column, cell.value, measure))
        case date() | time() | timedelta():
            raise CellRefused("date_for_number", _date_for_number(cell, expected))
        case MonthCell():
            raise CellRefused("date_for_number", _date_for_number(cell.day, expected))
        case RichText():
            raise rich_text_refused(cell)
    return _rounded(_written(restored(str(cell).strip()), field, expected, measure))


def _typed(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise CellRefused("not_a_number", "Expected a number, and this is beyond all of them. Type it again.")
    return number


def _rounded(number: Decimal) -> Reading:
    """Rounds half-even to six decimals, and says so. A number too large is left for the field to refuse."""
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent >= -DECIMALS or number.adjusted() >= DIGITS:
        return Reading(number)
    rounded = number.quantize(Decimal(1).scaleb(-DECIMALS), rounding=ROUND_HALF_EVEN)
    if rounded == number:
        return Reading(rounded)
    if not rounded:
        text = f"This is nearer to zero than {DECIMALS} decimals can show. Write 0 if that is what it means."
        raise CellRefused("too_many_decimals", text)
    text = f"Rounded to {DECIMALS} decimals: {plain(rounded)}, from {plain(number)[:SHOWN_TEXT]}."
    return Reading(rounded, Remark("rounded", text))


def _takes_per_cent(column: str, measure: Measure | None) -> bool:
    return column in PER_CENT or (column in SHARES and measure in (None, Measure.PERCENTAGE))


def _takes_pounds(column: str, measure: Measure | None) -> bool:
    return column in SHARES and measure in (None, Measure.MONEY)


def _per_cent(column: str, number: Decimal, measure: Measure | None) -> Decimal:
    if not _takes_per_cent(column, measure):
        raise CellRefused("not_a_percentage", f"This is not a percentage. Write {plain(number)} without %.")
    return number


def _date_for_number(cell: date | time | timedelta, expected: str) -> str:
    cell_text = f"the date {day_words(cell)}" if isinstance(cell, date) else f"the time {cell}"
    return f"Expected {expected}, got {cell_text}. Format the cell as a number and type it again."


def _written(text: str, field: NumberField, expected: str, measure: Measure | None) -> Decimal:
    """Parses a number written as text."""
    if PLAIN_NUMBER.fullmatch(text):
        return Decimal(text)
    if len(text) <= LONGEST_TEXT and text.endswith("%") and PLAIN_NUMBER.fullmatch(text[:-1].rstrip()):
        return _per_cent(field.column, Decimal(text[:-1].rstrip()), measure)
    if (
        text.startswith("£")
        and PLAIN_NUMBER.fullmatch(text[1:].lstrip())
        and _takes_pounds(field.column, measure)
    ):
        return Decimal(text[1:].lstrip())
    code, advice = number_advice(text, field)
    raise CellRefused(code, f"Expected {expected}, got “{text[:SHOWN_TEXT]}”{advice}")


def rich_text_refused(cell: RichText) -> CellRefused:
    """Refusal of a cell that would be read wrongly if its raised or struck part were joined to the rest."""
    rest = cell.plain.strip()
    written = digits_of(rest) or rest[:SHOWN_TEXT]
    if cell.struck.strip():
        text = f"“{cell.struck.strip()[:SHOWN_TEXT]}” is struck through beside “{cell.unstruck.strip()[:SHOWN_TEXT]}”."
        return CellRefused("struck_out", f"{text} Delete what is struck through, and leave what is meant.")
    mark = cell.raised.strip()[:SHOWN_TEXT]
    if not rest:
        text = f"All of “{mark}” is raised or lowered, as a footnote mark is. Write it as an ordinary number."
        return CellRefused("footnote_mark", text)
    text = f"“{rest[:SHOWN_TEXT]}” has the raised or lowered mark “{mark}” beside it."
    return CellRefused("footnote_mark", f"{text} Write {written} alone, and put the mark {mark} in “note”.")
