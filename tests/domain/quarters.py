"""Series written shortly, for tests."""

from decimal import Decimal
from typing import Any

from app.domain.figures.figure import Figure
from app.domain.period import quarter
from app.domain.period_text import parse_period


def fig(period: str, value: str | int | None, **facts: Any) -> Figure:
    return Figure(parse_period(period), None if value is None else Decimal(value), **facts)


def quarterly(start_year: int, values: list[int], first: int = 1) -> list[Figure]:
    """One figure a quarter from quarter `first` of the financial year that begins in `start_year`."""
    start = quarter(start_year, first)
    return [Figure(start.next(i), Decimal(value)) for i, value in enumerate(values)]
