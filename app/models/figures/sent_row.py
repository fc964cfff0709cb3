"""One row as it was sent, made into a figure or into what is wrong with it; and how many rows are taken."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from app.domain.errors import RuleBroken
from app.models.figures.figure import FigureIn, Values
from app.models.figures.submission import RowMessage
from app.models.finding import field_error, some_of

MOST_ROWS = 20_000
MOST_NAMES = 100
MOST_ROW_ERRORS = 20


@dataclass(slots=True)
class SentRow:
    """A row as it arrived: read into a figure, or with what is wrong with it. `row` counts from 1.

    `line` is where it begins in a file; `indicator` and `period` are what a file says it is about, right or wrong.
    """

    row: int
    figure: FigureIn | None
    errors: list[RowMessage] = field(default_factory=list)
    line: int | None = None
    indicator: str | None = None
    period: str | None = None

    def beside(self, standing: Values, values: Values) -> Values:
        """`values` as they are meant where a figure stands: by an empty cell a file says nothing of its note."""
        is_silent = self.line is not None and not values["note"]
        return {**values, "note": standing["note"]} if is_silent else values


def made(number: int, item: Any, line: int | None = None) -> SentRow:
    """The row that `item` says, by name of field."""
    if crowded := _crowded(item):
        return SentRow(number, None, [crowded], line)
    try:
        return SentRow(number, FigureIn.model_validate(item), line=line)
    except ValidationError as error:
        found = [field_error(finding) for finding in error.errors(include_url=False, include_input=False)]  # type: ignore[arg-type]
        return SentRow(
            number,
            None,
            [
                RowMessage(field=each["field"], code=each["code"], message=each["message"])
                for each in some_of(found, MOST_ROW_ERRORS)
            ],
            line,
        )


def _crowded(item: Any) -> RowMessage | None:
    """A million names in one row cost a gigabyte to find fault with one by one."""
    breakdown = item.get("breakdown") if isinstance(item, dict) else None
    for place, names in ((None, item), ("breakdown", breakdown)):
        if isinstance(names, dict) and len(names) > MOST_NAMES:
            message = f"It names {len(names):,} things; at most {MOST_NAMES} are taken."
            return RowMessage(field=place, code="too_many_names", message=message)
    return None


def some(rows: list[Any]) -> None:
    """Raises unless there is a row, and not too many."""
    if not rows:
        raise RuleBroken("figures", "figures_required", "There is no figure in it. Send at least one.")
    count(len(rows))


def count(rows: int) -> None:
    """Raises for more rows than are taken at a time."""
    if rows > MOST_ROWS:
        raise RuleBroken("figures", "too_many_rows", f"Send at most {MOST_ROWS:,} rows at a time.")
