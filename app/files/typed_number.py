"""Reads numbers that somebody typed into a form."""

from app.domain.plan.indicator import Measure
from app.files.cell import CellRefused
from app.files.number_cell import read_number
from app.files.typed_row import without_commas
from app.models.figures.typed_number import TypedNumbersIn, TypedNumbersOut
from app.models.finding import ProblemError
from app.models.wire import json_number


def read_typed_numbers(typed: TypedNumbersIn) -> TypedNumbersOut:
    """Reads every text that is not blank, as a cell of a file is read."""
    out = TypedNumbersOut(numbers={}, errors=[])
    _read(typed.whole, "whole_number", None, out)
    _read(typed.pounds, "amount", Measure.MONEY, out)
    return out


def _read(texts: dict[str, str], column: str, measure: Measure | None, out: TypedNumbersOut) -> None:
    for name, text in texts.items():
        if not text.strip():
            continue
        try:
            reading = read_number(column, without_commas(text.strip()), measure)
        except CellRefused as error:
            out["errors"].append(ProblemError(field=name, row=None, code=error.code, message=error.message))
            continue
        number = json_number(reading.value)
        assert number is not None
        out["numbers"][name] = number
