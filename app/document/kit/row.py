"""Updates rows from a list of the document, by code and in its order; rows that the document lacks stay."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
    """An entry as columns: all of them for a new row, and the names of those that its writer gave."""

    code: str
    path: Path
    columns: dict[str, Any]
    named: frozenset[str]


@dataclass(frozen=True, slots=True)
class StoredRows(Generic[R]):
    """The rows that a list of the document is about, in their order, and how a new one is made."""

    model: Callable[..., R]
    noun: str
    """As reports name one of them."""
    rows: Sequence[R]
    owner: dict[str, Any]
    """The columns that tie a row to its owner."""
    is_plan_content: bool = True
    """Whether the rows are the plan's own, which may not change once it is adopted."""


def row_entry(entry: Any, path: Path, **replaced: Any) -> RowEntry:
    """`replaced` gives columns whose shapes are not the entry's own."""
    columns = {name: column(getattr(entry, name)) for name in type(entry).model_fields}
    columns.update(replaced)
    return RowEntry(entry.code, path, columns, frozenset(entry.model_fields_set))


def entry_of(shape: type[E], row: Any, **replaced: Any) -> E:
    """The reverse of `row_entry`. `replaced` gives fields whose columns are of another type.

    Nothing is validated: an entry that an older version stored is printed, even if it would be refused today.
    """
    fields = {name: getattr(row, name) for name in shape.model_fields if name not in replaced}
    return cast("E", shape.model_construct(**fields, **replaced))


def column(value: Any) -> Any:
    """A value of the document as a column keeps it."""
    if isinstance(value, Entry):
        return {
            field.alias or name: column(getattr(value, name))
            for name, field in type(value).model_fields.items()
        }
    if isinstance(value, list):
        return [column(entry) for entry in value]
    return value.value if isinstance(value, StrEnum) else value


def differences(row: Any, entry: RowEntry) -> dict[str, tuple[Any, Any]]:
    """Named columns whose stored and given values differ."""
    pairs = {name: (getattr(row, name), entry.columns[name]) for name in entry.columns if name in entry.named}
    return {name: pair for name, pair in pairs.items() if not _is_same(*pair)}


def _is_same(before: Any, after: Any) -> bool:
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        return before == after
    return bool(before == after or (before in (None, "") and after in (None, "")))


def update_row(load: Load, row: Any, entry: RowEntry, what: str, *, is_plan_content: bool = True) -> bool:
    """Changes the columns that differ; says whether any did."""
    is_changed = False
    for name, (before, after) in differences(row, entry).items():
        words = f"{what}: {name} was {short_text(before)}, now {short_text(after)}"
        if is_plan_content and not load.may_change(
            (*entry.path, name), f"{what}: {name} ({short_text(after)})"
        ):
            continue
        setattr(row, name, after)
        load.did("changed", words)
        is_changed = True
    return is_changed


def upsert_rows(load: Load, stored: StoredRows[R], entries: Sequence[RowEntry]) -> tuple[dict[str, R], bool]:
    """Creates and changes rows; gives them all by code, and whether any of them changed.

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
    """Puts rows in the document's order, those it lacks after them, where the order differs at all."""
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
    in_document = set(codes)
    for row in stored.rows:
        if row.code not in in_document:
            load.left_alone.append(f"{stored.noun} {row.code} is not in the document")
