"""Changes the columns of a row that differ, and records them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from app.domain.day import day_words
from app.domain.errors import RuleBroken
from app.models.wire import In

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)


@dataclass(slots=True)
class Edits:
    """Stored and new values by column, for the audit event."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.after)


def set_columns(row: Any, columns: Mapping[str, Any]) -> Edits:
    """Sets the columns that differ."""
    edits = Edits()
    for name, raw in columns.items():
        new = raw.value if isinstance(raw, Enum) else raw
        old = getattr(row, name)
        if new != old:
            edits.before[name], edits.after[name] = _plain(old), _plain(new)
            setattr(row, name, new)
    return edits


def patch_row(row: Any, patch: In, may_be_null: Collection[str]) -> Edits:
    """Sets the columns that a patch names and that differ; its fields that are no columns are left out.

    RuleBroken for a null field that always has a value.
    """
    named = {
        name: getattr(patch, name) for name in type(patch).model_fields if name in patch.model_fields_set
    }
    columns = {name: new for name, new in named.items() if hasattr(row, name)}
    refuse_null(columns, may_be_null)
    return set_columns(row, columns)


def refuse_null(columns: Mapping[str, Any], may_be_null: Collection[str]) -> None:
    """Refuses null for a field that always has a value."""
    for name, new in columns.items():
        if new is None and name not in may_be_null:
            raise RuleBroken(name, "required", "Leave it out to keep it as it is.")


def require_day(day: date | None, name: str) -> None:
    """Refuses a day outside the years that a record can be of: a slip of the year."""
    if day is not None and not EARLIEST <= day <= LATEST:
        message = f"Expected a day from {EARLIEST.year} to {LATEST.year}: {day} looks like a slip."
        raise RuleBroken(name, "day_out_of_range", message)


def require_past(day: date | None, today: date, name: str) -> None:
    """Refuses a day to come for what has happened, and one outside the years that a record can be of."""
    require_day(day, name)
    if day is not None and day > today:
        message = f"{day_words(day)} has not come yet. Give the day on which it happened."
        raise RuleBroken(name, "in_future", message)


def require_not_before(day: date | None, earliest: date | None, name: str, reason: tuple[str, str]) -> None:
    """Refuses a day before another. `reason` is the error code, and words such as "It was made on"."""
    if day is not None and earliest is not None and day < earliest:
        code, words = reason
        message = f"{words} {day_words(earliest)}: choose that day or a later one."
        raise RuleBroken(name, code, message)


def _plain(cell: Any) -> Any:
    """A value as the audit event can hold it."""
    if isinstance(cell, list):
        return [_plain(entry) for entry in cell]
    if isinstance(cell, dict):
        return {name: _plain(entry) for name, entry in cell.items()}
    return cell.isoformat() if isinstance(cell, date) else cell
