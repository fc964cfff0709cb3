"""Kinds of cells beside texts, numbers and dates, and what reading one gives: a field's value, or a refusal."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.number import DIGITS


class CellRefused(Exception):
    """Raised for a wrong cell, with a code for programs and a message that says how to mend it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Remark:
    """How a cell was read, for people; `code` is for programs."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A field's value, how it was understood (`note`), and what is odd about the cell (`warning`)."""

    value: Any
    note: Remark | None = None
    warning: Remark | None = None


@dataclass(frozen=True, slots=True)
class Percentage:
    """A number shown with a per cent sign: 43.3 where a workbook stores 0.433."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Pounds:
    """A number shown with a pound sign."""

    value: float


@dataclass(frozen=True, slots=True)
class MonthCell:
    """A date of which only month and year are shown."""

    day: date


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is computed from others."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that shows an error, such as #REF!."""

    text: str


@dataclass(frozen=True, slots=True)
class RichText:
    """A text of which a part is raised, lowered or struck through; `plain` is the rest."""

    plain: str
    raised: str = ""
    struck: str = ""

    @property
    def unstruck(self) -> str:
        return self.plain + self.raised


@dataclass(frozen=True, slots=True)
class Struck:
    """A cell that is struck through as a whole."""

    cell: object


@dataclass(frozen=True, slots=True)
class ShownOtherwise:
    """A number whose format shows something else, and what that is."""

    cell: object
    remark: str


@dataclass(frozen=True, slots=True)
class Merged:
    """A cell that is covered by the first of merged cells, which has something in it."""

    area: str


@dataclass(frozen=True, slots=True)
class HiddenCell:
    """A cell with something in it, in a hidden column."""


def is_blank(cell: object) -> bool:
    return isinstance(cell, str) and not cell.strip()


def exact_decimal(number: float) -> Decimal:
    """Converts a float to the digits that are certain: 43.300000000000004 was 43.3 when it was typed."""
    return Decimal(f"{number:.{DIGITS}g}")


def percentage(number: float) -> Percentage:
    """Converts a number that a workbook shows with a per cent sign."""
    return Percentage(exact_decimal(number) * 100)
