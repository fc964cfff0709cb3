"""Bringing rows up to a list of the document, by code and in its order; what the document lacks stays."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol, TypeVar, cast

from app.document.kit.entry import Entry
from app.document.kit.load import Load, shown
from app.document.kit.tree import Path


class Row(Protocol):
    code: str
    position: int


R = TypeVar("R", bound=Row)
E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry as columns: all of them for a new row, and which of them its writer named."""

    code: str
    path: Path
    columns: dict[str, Any]
    named: frozenset[str]


def wanted(entry: Any, path: Path, **replaced: Any) -> Wanted:
    """`replaced` gives columns whose shapes are not the entry's own."""
    columns = {name: column(getattr(entry, name)) for name in type(entry).model_fields}
    columns.update(replaced)
    return Wanted(entry.code, path, columns, frozenset(entry.model_fields_set))


def entry_of(shape: type[E], row: Any, **replaced: Any) -> E:
    """The reverse of `wanted`. `replaced` gives fields whose columns are of another type.

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


def differences(row: Any, entry: Wanted) -> dict[str, tuple[Any, Any]]:
    """Named columns whose stored and given values differ."""
    found = {}
    for name in entry.columns:
        if name in entry.named and not _same(before := getattr(row, name), after := entry.columns[name]):
            found[name] = (before, after)
    return found


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        return before == after
    return bool(before == after or (before in (None, "") and after in (None, "")))


def update(work: Load, row: Any, entry: Wanted, what: str, *, settled: bool = True) -> bool:
    """Changes what differs; says whether anything did. `settled`: whether it is the plan's own content."""
    changed = False
    for name, (before, after) in differences(row, entry).items():
        words = f"{what}: {name} was {shown(before)}, now {shown(after)}"
        if settled and not work.may_change((*entry.path, name), f"{what}: {name} ({shown(after)})"):
            continue
        setattr(row, name, after)
        work.did("changed", words)
        changed = True
    return changed


def bring_up(
    work: Load,
    make: Callable[..., R],
    stored: Sequence[R],
    entries: Sequence[Wanted],
    what: str,
    fixed: dict[str, Any],
    *,
    settled: bool = True,
) -> tuple[dict[str, R], bool]:
    """Creates and changes rows; gives them all by code, and whether any of them changed.

    `fixed` holds the columns that tie a row to its owner. Codes of rows the document lacks are reported.
    """
    rows = {row.code: row for row in stored}
    changed = False
    for position, entry in enumerate(entries, start=1):
        row = rows.get(entry.code)
        if row is not None:
            changed |= update(work, row, entry, f"{what} {entry.code}", settled=settled)
        elif not settled or work.may_change(entry.path, f"{what} {entry.code}, which is new,"):
            made = make(**entry.columns, **fixed, position=position)
            work.session.add(made)
            rows[entry.code] = made
            work.did("created", f"{what} {entry.code}")
            changed = True
    given = [entry.code for entry in entries]
    changed |= _order(work, rows, [row.code for row in stored], given, what, settled)
    _report(work, (row.code for row in stored), given, what)
    return rows, changed


def _order(
    work: Load, rows: dict[str, R], before: list[str], given: list[str], what: str, settled: bool
) -> bool:
    """Puts rows in the document's order, those it lacks after them, where the order differs at all."""
    kept = [code for code in given if code in rows]
    common = [code for code in kept if code in set(before)]
    if len(kept) == len(common) and common == [code for code in before if code in set(given)]:
        return False
    if settled and work.settled:
        if common != [code for code in before if code in set(given)]:
            work.may_change((), f"The order of {what} entries")
        return False
    for position, code in enumerate([*kept, *(code for code in before if code not in set(kept))], start=1):
        rows[code].position = position
    if len(kept) == len(common):
        work.did("changed", f"{what}: their order")
    return True


def _report(work: Load, stored: Iterable[str], given: Sequence[str], what: str) -> None:
    known = set(given)
    for code in stored:
        if code not in known:
            work.left_alone.append(f"{what} {code} is not in the document")
