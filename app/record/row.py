"""A row's digest: SHA-256 over its covered columns as the database holds them, the same on either database."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Table, Text, cast, select, tuple_
from sqlmodel import SQLModel

from app.models.column import Listed, plain
from app.record.changes import Key
from app.record.columns import columns_of, newest_version

AT_ONCE = 500
"""Keys in one statement: SQLite takes 32,766 values."""
LONG = frozenset({"remembered_answer", "snapshot", "submission", "upload"})
"""Tables whose rows may be megabytes long."""
FEW = 10


class RowDigest(NamedTuple):
    table_name: str
    row_key: str
    list_version: int
    digest: str | None
    """None if the row was deleted."""


def row_key(key: Key) -> str:
    """A row's primary key as text of at most 64 characters: numbers as they are, else a hash of them."""
    if all(isinstance(part, int) for part in key):
        return "/".join(str(part) for part in key)
    return hashlib.sha256(json.dumps(key, ensure_ascii=False, default=str).encode()).hexdigest()


def current_digests(connection: Connection, name: str, keys: Iterable[Key]) -> Iterator[RowDigest]:
    """Digests of rows of one table, as they are now, by the newest list."""
    version, row_keys = newest_version(name), list(keys)
    for start in range(0, len(row_keys), AT_ONCE):
        chunk = row_keys[start : start + AT_ONCE]
        query = _query(name, version).where(_key_is_in(table_of(name), chunk))
        digests = dict(_digests(connection, query, name, version))
        for key in chunk:
            yield RowDigest(name, row_key(key), version, digests.get(key))


def all_digests(connection: Connection, name: str, version: int) -> Iterator[tuple[Key, str]]:
    """Yields key and digest of every row of a table."""
    query = _query(name, version).execution_options(yield_per=FEW if name in LONG else AT_ONCE)
    return _digests(connection, query, name, version)


def one_digest(connection: Connection, name: str, version: int, key: Key) -> str | None:
    """Digest of a row by one version of the list; None if there is no such row."""
    query = _query(name, version).where(_key_is_in(table_of(name), [key]))
    return dict(_digests(connection, query, name, version)).get(key)


def table_of(name: str) -> Table:
    return SQLModel.metadata.tables[name]


def digest_of(name: str, version: int, cells: Sequence[Any]) -> str:
    text = json.dumps([name, version, *cells], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _query(name: str, version: int) -> Select[Any]:
    table = table_of(name)
    columns = [table.c[column] for column in columns_of(name, version)]
    return select(*table.primary_key.columns, *map(_as_stored, columns))


def _as_stored(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Selects JSON as its stored text, so that the hash covers that and not the parsed value."""
    return cast(column, Text) if isinstance(column.type, Listed) else column


def _digests(
    connection: Connection, query: Select[Any], name: str, version: int
) -> Iterator[tuple[Key, str]]:
    width = len(table_of(name).primary_key.columns)
    for row in connection.execute(query):
        yield tuple(row[:width]), digest_of(name, version, [_json_cell(cell) for cell in row[width:]])


def _json_cell(cell: Any) -> Any:
    """Converts a value to one that JSON holds, the same for either driver."""
    convert = _CONVERSIONS.get(type(cell))
    return cell if convert is None else convert(cell)


def _hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


_CONVERSIONS: Mapping[type, Callable[[Any], str]] = {
    Decimal: plain,
    bytes: _hash_of,
    memoryview: _hash_of,
    date: date.isoformat,
    datetime: datetime.isoformat,
}


def _key_is_in(table: Table, keys: Sequence[Key]) -> ColumnElement[bool]:
    columns = list(table.primary_key.columns)
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return tuple_(*columns).in_(keys)
