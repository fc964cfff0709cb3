"""Rows as somebody typed them, and what they are read as: figures ready to be sent, or messages by field."""

from typing import Annotated, Any, ClassVar

from pydantic import StringConstraints
from sqlmodel import Field
from typing_extensions import TypedDict

from app.models.figures.submission import RowMessage
from app.models.wire import In

MOST_TEXT_ROWS = 1_000
ColumnName = Annotated[str, StringConstraints(min_length=1, max_length=120)]
CellText = Annotated[str, StringConstraints(max_length=10_000)]


class TextRowsIn(In):
    """Rows of text by column, named as in a file: `breakdown.strand` for a breakdown. An empty text is left out."""

    EXAMPLE: ClassVar[dict[str, Any] | None] = {
        "rows": [
            {"indicator": "asb-satisfaction", "period": "Q2 2017/18", "value": "43.3%"},
            {"indicator": "asb-incidents", "period": "2017-18-Q2", "value": "1,407"},
        ]
    }

    rows: list[dict[ColumnName, CellText]] = Field(min_length=1, max_length=MOST_TEXT_ROWS)


class FigureFieldsOut(TypedDict, total=False):
    """The fields of a figure that were typed, as `POST /figures` takes them."""

    indicator: str
    period: str
    area: str
    breakdown: dict[str, str]
    value: int | float
    numerator: int | float
    denominator: int | float
    sample_size: int
    margin: int | float
    margin_level: int | float
    margin_of: str
    status: str
    qualifier: str
    missing: str
    expected_on: str
    note: str
    reason: str


class TextRowOut(TypedDict):
    row: int
    figure: FigureFieldsOut | None
    """To be sent as it is; null where there are errors."""
    notes: list[RowMessage]
    """Texts that were understood otherwise than they are written: "“Sep-17” is read as September 2017"."""
    errors: list[RowMessage]
    """By field: what was expected, and what to write instead."""


class TextRowsOut(TypedDict):
    rows: list[TextRowOut]
