"""Reads a cell by its column: the one reader of what people write in files and forms.

A spreadsheet may have converted what was typed (a period into a date, 43.3% into 0.433): that is undone where the
meaning is certain, and refused where not. Whatever is taken otherwise than it is written is said in a note.
"""

import re
from collections.abc import Callable, Container, Mapping
from datetime import date, time, timedelta

from app.domain.day import day_words
from app.domain.day_text import understand_day
from app.domain.errors import RuleBroken
from app.domain.period import month
from app.domain.period_text import parse_period, understand_period
from app.domain.plan.indicator import Measure
from app.files.cell import (
    CellRefused,
    Fault,
    Formula,
    HiddenCell,
    Merged,
    MonthCell,
    Percentage,
    Pounds,
    Reading,
    Remark,
    RichText,
    ShownOtherwise,
    Struck,
    exact_decimal,
)
from app.files.csv_injection import restored
from app.files.mark import SUGGESTED_WORDS, TAKEN_WORDS, WORDS
from app.files.number_cell import NUMBERS, read_number, rich_text_refused
from app.files.vocabulary import MOST_SUGGESTED, Names, Vocabulary, fold
from app.models.column import plain

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
LONGEST_QUOTED = 80
FREE_TEXT = ("note", "reason")
STRUCK = Remark(
    "struck_out",
    "The cell is struck through. If it no longer holds, take it out of the file; if it does, take the line away.",
)


def read(column: str, cell: object, vocabulary: Vocabulary, measure: Measure | None = None) -> Reading:
    """Converts a cell to the field named `column`. `measure` is of the row's indicator, where that is known."""
    if isinstance(cell, Struck):
        reading = read(column, cell.cell, vocabulary, measure)
        return Reading(reading.value, reading.note, STRUCK)
    if isinstance(cell, ShownOtherwise):
        reading = read(column, cell.cell, vocabulary, measure)
        return Reading(reading.value, reading.note, Remark("shown_otherwise", cell.remark))
    _refuse_unreadable(column, cell)
    if column in NUMBERS:
        return read_number(column, cell, measure)
    if column == "indicator":
        return _indicator(_text(cell), vocabulary)
    if column == "area":
        return _code(_text(cell), vocabulary.area_codes, vocabulary.area_names, "area")
    if column in TAKEN_WORDS:
        return _word(column, _text(cell))
    return _READERS.get(column, _plain_text)(cell)


def _refuse_unreadable(column: str, cell: object) -> None:
    match cell:
        case Formula():
            raise CellRefused(
                "formula",
                "This is a formula, and what it works out is not certain. Copy it and paste its value instead.",
            )
        case Fault():
            raise CellRefused(
                "cell_error", f"This shows the error {cell.text}. Put the number in, or a missing reason."
            )
        case Merged():
            raise CellRefused(
                "merged_cells",
                f"This is one of the merged cells {cell.area}, of which only the first has a value. Unmerge them,"
                " and fill in each row.",
            )
        case HiddenCell():
            raise CellRefused(
                "hidden_column",
                "There is something in it, and its column is hidden. Show the column so that it can be read, or"
                " delete it.",
            )
        case RichText() if column not in FREE_TEXT or cell.struck.strip():
            raise rich_text_refused(cell)


def _indicator(text: str, vocabulary: Vocabulary) -> Reading:
    """Reads an indicator's code or title. A text that can be neither is refused with the title most like it."""
    similar = vocabulary.similar_titles.find(fold(text)) if not CODE.fullmatch(text) else ""
    if similar and fold(text) not in vocabulary.titles:
        codes_text = " or ".join(vocabulary.titles[similar][:MOST_SUGGESTED])
        raise CellRefused(
            "unknown_indicator",
            f"There is no indicator {_quoted(text)}. Did you mean {codes_text}? Write its code.",
        )
    return _code(text, vocabulary.measures, vocabulary.titles, "indicator")


def _code(text: str, codes: Container[str], names: Names, noun: str) -> Reading:
    """Reads a code, or the name of the one thing that has it."""
    named = names.get(fold(text), ())
    if text in codes or named == (text,):
        return Reading(text)
    if len(named) == 1:
        return Reading(named[0], Remark("name_for_code", f"{_quoted(text)} is read as the code {named[0]}."))
    if named:
        choice = ", ".join(named[:MOST_SUGGESTED])
        raise CellRefused("name_of_several", f"Several have this name. Write the code of one: {choice}.")
    if names and not CODE.fullmatch(text):
        raise CellRefused(
            f"unknown_{noun}", f"There is no {noun} {_quoted(text)}. Write its code, or its full name."
        )
    return Reading(text)


def _quoted(text: str) -> str:
    return f"“{text[:LONGEST_QUOTED]}”"


def _word(column: str, text: str) -> Reading:
    """Reads one of a column's fixed words, in any case, or a mark that can stand for one of them alone."""
    folded = fold(text)
    word = folded.replace(" ", "_").replace("-", "_")
    if word in WORDS[column]:
        return Reading(word)
    taken = TAKEN_WORDS[column].get(folded)
    if taken is not None:
        return Reading(taken, Remark("mark_for_word", f"{_quoted(text)} is read as {taken}."))
    suggested = SUGGESTED_WORDS[column].get(folded)
    if suggested is not None:
        raise CellRefused(
            "not_one_of", f"{_quoted(text)} is no word for “{column}”. Did you mean {suggested}? Write that."
        )
    return Reading(text)


def _period(cell: object) -> Reading:
    if isinstance(cell, MonthCell):
        period = month(cell.day.year, cell.day.month)
        return Reading(str(period), Remark("period_understood", f"Read as {period.label}."))
    if isinstance(cell, date):
        raise CellRefused(
            "date_for_period",
            f"The spreadsheet made the date {day_words(cell)} of it. Format the cell as text, and write"
            f" {month(cell.year, cell.month)} for that month, or a period such as 2017-18-Q2.",
        )
    text = _text(cell)
    try:
        period = understand_period(text)
    except RuleBroken as error:
        raise CellRefused(error.code, error.message) from error
    if _is_strict(text):
        return Reading(text)
    return Reading(str(period), Remark("period_understood", f"{_quoted(text)} is read as {period.label}."))


def _is_strict(text: str) -> bool:
    try:
        parse_period(text)
    except RuleBroken:
        return False
    return True


def _day(cell: object) -> Reading:
    match cell:
        case MonthCell():
            day_text = f"{cell.day:%Y-%m-%d}"
            return Reading(day_text, Remark("day_understood", f"Read as {day_words(cell.day)}."))
        case date():
            return Reading(f"{cell:%Y-%m-%d}")
        case bool() | int() | float() | Percentage() | Pounds():
            raise CellRefused(
                "number_for_date", "Expected a date, got a number. Write it as text, such as 2017-11-30."
            )
    text = _text(cell)
    try:
        day = understand_day(text)
    except RuleBroken as error:
        raise CellRefused(error.code, error.message) from error
    iso_text = day.isoformat()
    note = (
        None
        if iso_text == text
        else Remark("day_understood", f"{_quoted(text)} is read as {day_words(day)}.")
    )
    return Reading(iso_text, note)


def _free(cell: object) -> Reading:
    """Reads a note or a reason, in which a date is allowed."""
    if isinstance(cell, MonthCell):
        return Reading(f"{cell.day:%Y-%m}")
    if isinstance(cell, RichText):
        return Reading(restored(cell.unstruck.strip()))
    return Reading(f"{cell:%Y-%m-%d}" if isinstance(cell, date) else _text(cell))


def _plain_text(cell: object) -> Reading:
    return Reading(_text(cell))


def _text(cell: object) -> str:
    match cell:
        case bool():
            return str(cell).upper()
        case int() | float():
            return plain(exact_decimal(cell))
        case Pounds():
            return f"£{plain(exact_decimal(cell.value))}"
        case Percentage():
            return f"{plain(cell.value)}%"
        case date() | time() | timedelta() | MonthCell():
            raise CellRefused(
                "date_for_text",
                "The spreadsheet made a date or time of it. Format the cell as text and type it again.",
            )
    return restored(str(cell).strip())


_READERS: Mapping[str, Callable[[object], Reading]] = {
    "period": _period,
    "expected_on": _day,
    "note": _free,
    "reason": _free,
}
