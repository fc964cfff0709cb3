"""Updates rows from a list of the document, by code and in its order; rows that the document lacks stay."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar, cast

from app.document.kit.entry import Entry
from app.document.kit.load import Load, short_text
from app.document.kit.tree import Path


class Row(Protocol):
    code: str
    position: int


R = TypeVar("R", bound=Row)
E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class RowEntry:
    """An entry as columns, and the names of those that the document has. A new row takes them all."""

    code: str
    path: Path
    columns: dict[str, Any]
    named: frozenset[str]
    replacing: dict[str, str] = field(default_factory=dict)
    """Words about the stored cell of a column, for the report if it changes."""


@dataclass(frozen=True, slots=True)
class StoredRows(Generic[R]):
    """Stored rows of a list of the document, in their order, and the model of a new one."""

    model: Callable[..., R]
    noun: str
    """Noun for one row, in reports."""
    rows: Sequence[R]
    owner: dict[str, Any]
    """The columns that tie a row to its owner."""
    is_plan_content: bool = True
    """Whether the rows belong to the plan: they may not change once it is adopted."""


def row_entry(entry: Any, path: Path, **replaced: Any) -> RowEntry:
    """Converts an entry to columns. `replaced` holds columns of another type than the entry's field."""
    columns = {name: column(getattr(entry, name)) for name in type(entry).model_fields}
    columns.update(replaced)
    return RowEntry(entry.code, path, columns, frozenset(entry.model_fields_set))


def entry_of(shape: type[E], row: Any, **replaced: Any) -> E:
    """Converts a row to an entry. `replaced` holds fields of another type than the row's column.

    Nothing is validated: an entry that an older version stored is printed, even if it would be refused today.
    """
    fields = {name: getattr(row, name) for name in shape.model_fields if name not in replaced}
    return cast("E", shape.model_construct(**fields, **replaced))


def column(entry_value: Any) -> Any:
    """Converts a value of an entry to the one that a column stores."""
    if isinstance(entry_value, Entry):
        return {
            field.alias or name: column(getattr(entry_value, name))
            for name, field in type(entry_value).model_fields.items()
        }
    if isinstance(entry_value, list):
        return [column(entry) for entry in entry_value]
    return entry_value.value if isinstance(entry_value, StrEnum) else entry_value


def differences(row: Any, entry: RowEntry) -> dict[str, tuple[Any, Any]]:
    """Stored value and the document's, for each named column in which they differ."""
    pairs = {name: (getattr(row, name), entry.columns[name]) for name in entry.columns if name in entry.named}
    return {name: pair for name, pair in pairs.items() if not is_same_cell(*pair)}


def is_same_cell(before: Any, after: Any) -> bool:
    """Whether two cells of a column are equal; nothing equals an empty text."""
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        return before == after
    return bool(before == after or (before in (None, "") and after in (None, "")))


def update_row(load: Load, row: Any, entry: RowEntry, what: str, *, is_plan_content: bool = True) -> bool:
    """Changes the columns that differ; returns whether any did."""
    is_changed = False
    for name, (before, after) in differences(row, entry).items():
        words = (
            f"{what}: {name} was {short_text(before)}, now {short_text(after)}{entry.replacing.get(name, '')}"
        )
        if is_plan_content and not load.may_change(
            (*entry.path, name), f"{what}: {name} ({short_text(after)})"
        ):
            continue
        setattr(row, name, after)
        load.did("changed", words)
        is_changed = True
    return is_changed


def upsert_rows(load: Load, stored: StoredRows[R], entries: Sequence[RowEntry]) -> tuple[dict[str, R], bool]:
    """Creates and changes rows; returns all by code, and whether any changed.

    Codes of rows that the document lacks are reported.
    """
    rows = {row.code: row for row in stored.rows}
    is_changed = False
    for position, entry in enumerate(entries, start=1):
        row, what = rows.get(entry.code), f"{stored.noun} {entry.code}"
        if row is not None:
            is_changed |= update_row(load, row, entry, what, is_plan_content=stored.is_plan_content)
        elif not stored.is_plan_content or load.may_change(entry.path, f"{what}, which is new,"):
            rows[entry.code] = stored.model(**entry.columns, **stored.owner, position=position)
            load.session.add(rows[entry.code])
            load.did("created", what)
            is_changed = True
    codes = [entry.code for entry in entries]
    is_changed |= _order(load, stored, rows, codes)
    _report(load, stored, codes)
    return rows, is_changed


def _order(load: Load, stored: StoredRows[R], rows: dict[str, R], codes: list[str]) -> bool:
    """Puts rows in the document's order, followed by those it lacks; returns whether the order changed."""
    before = [row.code for row in stored.rows]
    after = [code for code in codes if code in rows]
    common = [code for code in after if code in set(before)]
    common_before = [code for code in before if code in set(codes)]
    if len(after) == len(common) and common == common_before:
        return False
    if stored.is_plan_content and load.locked:
        if common != common_before:
            load.may_change((), f"The order of {stored.noun} entries")
        return False
    rest = [code for code in before if code not in set(after)]
    for position, code in enumerate([*after, *rest], start=1):
        rows[code].position = position
    if len(after) == len(common):
        load.did("changed", f"{stored.noun}: their order")
    return True


def _report(load: Load, stored: StoredRows[R], codes: Sequence[str]) -> None:
    """Reports the stored rows that the document lacks."""
    in_document = set(codes)
    for row in stored.rows:
        if row.code not in in_document:
            load.left_alone.append(f"{stored.noun} {row.code} is not in the document")
