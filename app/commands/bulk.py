"""Many rows put in at once."""

from collections.abc import Iterable, Mapping
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, Table


def insert_columns(
    connection: Connection, into: Table, columns: Mapping[str, Iterable[Any]], alike: Mapping[str, Any]
) -> None:
    """Puts in as many rows as the columns are long; `alike` is what every row says.

    The driver gets them as tuples: SQLAlchemy's own way, a mapping for each row, takes twice as long.
    """
    given = [_bound(connection, into, name, values) for name, values in columns.items()]
    given += [repeat(next(iter(_bound(connection, into, name, [value])))) for name, value in alike.items()]
    names = [*columns, *alike]
    marks = ", ".join(["?" if connection.dialect.paramstyle == "qmark" else "%s"] * len(names))
    statement = f"INSERT INTO {into.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 our own names
    connection.exec_driver_sql(statement, list(zip(*given, strict=False)))


def _bound(connection: Connection, into: Table, name: str, values: Iterable[Any]) -> Iterable[Any]:
    """Values as the column's type hands them to the driver."""
    dialect = connection.dialect
    process = into.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return values if process is None else map(process, values)
