"""Entries of figures: groups with shared columns, holding values by period, or rows with more."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.document.kit.entry import (
    Code,
    Day,
    Entry,
    Number,
    PeriodAsWritten,
    PeriodText,
    Prose,
    WholeNumber,
    day_from,
    number_from,
)
from app.domain.figures.figure import FigureStatus, Missing, Qualifier

_DATED = re.compile(r"(\S+) on (\S+)")


class DatedValue(NamedTuple):
    value: Decimal
    recorded_on: date | None


def _dated(scalar: Any) -> DatedValue:
    if isinstance(scalar, DatedValue):
        return scalar
    if not isinstance(scalar, str):
        raise PydanticCustomError(
            "expected_text", "Expected a number, or a number and its day: 3700 on 2017-08-02"
        )
    match = _DATED.fullmatch(scalar)
    if match is None:
        return DatedValue(number_from(scalar), None)
    return DatedValue(number_from(match[1]), day_from(match[2]))


ValueText = Annotated[
    DatedValue,
    BeforeValidator(_dated),
    WithJsonSchema({"type": ["string", "number"], "examples": ["3700", "3700 on 2017-08-02"]}),
]


class FigureDetails(Entry):
    """Columns of a figure beside its value: in a row for that figure, in a group for all its rows."""

    status: FigureStatus | None = None
    qualifier: Qualifier | None = None
    sample_size: WholeNumber | None = None
    margin: Number | None = Field(default=None, description="The published margin, in the value's own unit.")
    margin_level: Number | None = Field(default=None, description="Its confidence level, 95 for 95 per cent.")
    margin_of: Annotated[str, Field(pattern="^(wave|difference)$")] | None = Field(
        default=None, description="Whether the margin is for one wave of a survey or for a difference."
    )
    note: Prose | None = None
    recorded_on: Day | None = Field(default=None, description="The day it became known; absent, today.")
    reason: Prose | None = Field(default=None, description="Why it changed; needed where a figure differs.")


class EarlierEntry(FigureDetails):
    """An earlier revision of a figure."""

    value: Number | None = None
    numerator: Number | None = None
    denominator: Number | None = None
    missing: Missing | None = None
    expected_on: Day | None = None


class FigureEntry(EarlierEntry):
    period: PeriodText
    earlier: list[EarlierEntry] = Field(default=[], description="What it was before, oldest first.")


class FigureGroup(FigureDetails):
    area: Code | None = None
    breakdown: dict[Code, Code] = {}
    values: dict[PeriodAsWritten, ValueText] = {}
    rows: list[FigureEntry] = []
