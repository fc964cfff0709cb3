"""The service's own answers laid out as tables, so that others can send the same bytes of the same rows.

A list of objects becomes a table, an object inside one some columns of it side by side, and a list of objects
inside one a table of its own. What has no such shape (an empty list, a mapping by name) stays JSON text.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

Item = dict[str, Any]
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Field:
    """A value, with how SQLite is told to read it; or a group or list of objects with `fields` of their own."""

    name: str
    kind: Literal["plain", "truth", "json", "group", "rows"]
    fields: tuple["Field", ...] = ()

    @property
    def columns(self) -> list["Field"]:
        """What stands in the table for it."""
        if self.kind == "rows":
            return []
        if self.kind == "group":
            return [Field(f"{self.name}__{each.name}", each.kind) for each in self.fields]
        return [self]

    def cells(self, value: Any) -> list[Any]:
        if self.kind == "group":
            return [None if value is None else each.cells(value[each.name])[0] for each in self.fields]
        return [
            json.dumps(value, ensure_ascii=False, separators=(",", ":")) if self.kind == "json" else value
        ]


def fields_of(items: Sequence[Item], *, inside: bool = False) -> tuple[Field, ...]:
    return tuple(_field(name, [item[name] for item in items], inside) for name in items[0])


def _field(name: str, values: Sequence[Any], inside: bool) -> Field:
    said = [value for value in values if value is not None]
    if any(isinstance(value, bool) for value in said):
        return Field(name, "truth")
    if not any(isinstance(value, dict | list) for value in said):
        return Field(name, "plain")
    if not inside and all(isinstance(value, dict) and value for value in said):
        return Field(name, "group", fields_of(said, inside=True))
    held = [item for value in said if isinstance(value, list) for item in value]
    if not inside and held and isinstance(held[0], dict):
        return Field(name, "rows", fields_of(held, inside=True))
    return Field(name, "json")


def held_by(fields: Sequence[Field]) -> Field | None:
    """The list of objects that items hold, where they hold one."""
    return next((field for field in fields if field.kind == "rows"), None)


def columns(fields: Sequence[Field]) -> list[Field]:
    return [column for field in fields for column in field.columns]


def query(name: str, fields: Sequence[Field]) -> str:
    """All rows of a table in order: the item each is held by (from 1; null for one by itself), then its columns."""
    names = ", ".join(f'"{column.name}"' for column in columns(fields))
    return f"SELECT owner, {names} FROM {name} ORDER BY number"


def lay(path: Path, tables: dict[str, list[Item]], seq: int) -> None:
    """Makes the database: the items of each table in order, the ledger's number, and the shapes."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE ledger (id INTEGER PRIMARY KEY, seq INTEGER)")
    connection.execute("INSERT INTO ledger VALUES (1, ?)", (seq,))
    connection.execute("CREATE TABLE shape (name TEXT PRIMARY KEY, fields TEXT)")
    for name, items in tables.items():
        fields = fields_of(items)
        said = json.dumps([asdict(field) for field in fields])
        connection.execute("INSERT INTO shape VALUES (?, ?)", (name, said))
        _table(connection, name, fields, [(None, item) for item in items])
        if (held := held_by(fields)) is not None:
            rows = [(number, row) for number, item in enumerate(items, 1) for row in item[held.name]]
            _table(connection, f"{name}_{held.name}", held.fields, rows)
    connection.commit()
    connection.close()


def read_shape(connection: sqlite3.Connection, name: str) -> tuple[Field, ...]:
    (said,) = connection.execute("SELECT fields FROM shape WHERE name = ?", (name,)).fetchone()
    return _read(json.loads(said))


def _read(said: list[Item]) -> tuple[Field, ...]:
    return tuple(Field(each["name"], each["kind"], _read(each["fields"])) for each in said)


def _table(
    connection: sqlite3.Connection,
    name: str,
    fields: Sequence[Field],
    rows: Sequence[tuple[int | None, Item]],
) -> None:
    own = columns(fields)
    declared = ", ".join(f'"{each.name}" {each.kind if each.kind != "plain" else ""}' for each in own)
    connection.execute(f"CREATE TABLE {name} (number INTEGER PRIMARY KEY, owner INTEGER, {declared})")
    places = ", ".join("?" * (2 + len(own)))
    connection.executemany(
        f"INSERT INTO {name} VALUES ({places})",
        [
            (
                number,
                owner,
                *(cell for field in fields if field.kind != "rows" for cell in field.cells(item[field.name])),
            )
            for number, (owner, item) in enumerate(rows, 1)
        ],
    )
