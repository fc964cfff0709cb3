"""A row as sent: parsed into a figure, or into its errors; and the limits on rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from app.domain.errors import RuleBroken
from app.domain.period import MONTHS
from app.models.figures.figure import FigureIn, Values
from app.models.figures.submission import RowMessage
from app.models.finding import field_error, some_of

MOST_ROWS = 20_000
MOST_NAMES = 100
MOST_ROW_ERRORS = 20


@dataclass(slots=True)
class SentRow:
    """A row as sent: its figure, or its errors. `row` counts from 1.

    `line` is the line of a file it begins on, on `sheet` of a workbook; `indicator`, `period`, `area` and `breakdown`
    are as the file has them, right or wrong. `notes` say how cells were understood, `warnings` what is odd about them.
    """

    row: int
    figure: FigureIn | None
    errors: list[RowMessage] = field(default_factory=list)
    line: int | None = None
    indicator: str | None = None
    period: str | None = None
    area: str | None = None
    breakdown: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    notes: list[RowMessage] = field(default_factory=list)
    warnings: list[RowMessage] = field(default_factory=list)
    is_left_out: bool = False
    """Whether it is hidden in its file: it is listed, and not sent."""
    address: Callable[[str | None], str | None] | None = None
    """Gives the cell of a field: "C2"."""

    def located(self, messages: Sequence[RowMessage]) -> list[RowMessage]:
        """Puts the cell's address before messages about its field: "Cell C2: expected a number"."""
        return [self._located(each) for each in messages]

    def _located(self, message: RowMessage) -> RowMessage:
        text = message["message"]
        address = self.address(message["field"]) if self.address is not None else None
        if address is None or text.startswith("Cell "):
            return message
        return RowMessage(
            field=message["field"], code=message["code"], message=f"Cell {address}: {continued(text)}"
        )

    def with_reason(self, reason: str) -> "SentRow":
        """The row with a reason for its change, unless it has its own."""
        if self.figure is None or self.figure.reason:
            return self
        return replace(self, figure=self.figure.model_copy(update={"reason": reason}))

    def with_stored_note(self, stored: Values, values: Values) -> Values:
        """Adds the stored figure's note to values from a file whose note is empty: an empty cell changes no note."""
        is_silent = self.line is not None and not values["note"]
        return {**values, "note": stored["note"]} if is_silent else values


def continued(sentence: str) -> str:
    """A sentence to stand after a colon: its first letter small, unless it begins a name."""
    is_name = sentence[1:2].isdigit() or sentence.split(" ")[0] in MONTHS
    return sentence if is_name else sentence[:1].lower() + sentence[1:]


def parse_row(number: int, fields: Any, line: int | None = None) -> SentRow:
    """Parses a row from its fields by name. Validation errors become the row's errors."""
    if crowded := _crowded(fields):
        return SentRow(number, None, [crowded], line)
    try:
        return SentRow(number, FigureIn.model_validate(fields), line=line)
    except ValidationError as error:
        problems = [field_error(finding) for finding in error.errors(include_url=False, include_input=False)]  # type: ignore[arg-type]
        return SentRow(
            number,
            None,
            [
                RowMessage(field=each["field"], code=each["code"], message=each["message"])
                for each in some_of(problems, MOST_ROW_ERRORS)
            ],
            line,
        )


def _crowded(fields: Any) -> RowMessage | None:
    """Error for too many names: a million in one row would cost a gigabyte to validate."""
    breakdown = fields.get("breakdown") if isinstance(fields, dict) else None
    for place, names in ((None, fields), ("breakdown", breakdown)):
        if isinstance(names, dict) and len(names) > MOST_NAMES:
            message = f"It names {len(names):,} things; at most {MOST_NAMES} are taken."
            return RowMessage(field=place, code="too_many_names", message=message)
    return None


def require_rows(rows: list[Any]) -> None:
    """Raises RuleBroken for no row, and for too many."""
    if not rows:
        raise RuleBroken("figures", "figures_required", "There is no figure in it. Send at least one.")
    require_within_row_limit(len(rows))


def require_within_row_limit(row_count: int) -> None:
    """Raises RuleBroken for more rows than the limit."""
    if row_count > MOST_ROWS:
        raise RuleBroken("figures", "too_many_rows", f"Send at most {MOST_ROWS:,} rows at a time.")
