"""Inserts, updates and deletes many rows at once.

The driver gets new values as tuples: SQLAlchemy's own way, a mapping for each row, takes twice as long.
"""

from collections.abc import Iterable, Mapping
from itertools import repeat
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table
from sqlmodel import Session, SQLModel, select

from app.record.changes import SETS


def insert_columns(
    connection: Connection, into: Table, columns: Mapping[str, Iterable[Any]], alike: Mapping[str, Any]
) -> None:
    """Inserts as many rows as the columns are long; `alike` holds the columns that are the same in every row."""
    names = [*columns, *alike]
    marks = ", ".join([_mark(connection)] * len(names))
    statement = f"INSERT INTO {into.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 our own names
    _run(
        connection,
        statement,
        [*_bound_columns(connection, into, columns), *_repeated(connection, into, alike)],
    )


def update_columns(
    connection: Connection,
    of: Table,
    ids: Iterable[int],
    columns: Mapping[str, Iterable[Any]],
    alike: Mapping[str, Any],
) -> None:
    """Updates the rows with these ids: `columns` hold a value for each row, `alike` the same one for all."""
    mark = _mark(connection)
    names = frozenset((*columns, *alike))
    changes = ", ".join(f"{name} = {mark}" for name in (*columns, *alike))
    statement = f"UPDATE {of.name} SET {changes} WHERE id = {mark}"  # noqa: S608 our own names
    values = [*_bound_columns(connection, of, columns), *_repeated(connection, of, alike), ids]
    _run(connection, statement, values, {SETS: names})


def _run(
    connection: Connection,
    statement: str,
    columns: Iterable[Iterable[Any]],
    options: dict[str, Any] | None = None,
) -> None:
    connection.exec_driver_sql(statement, list(zip(*columns, strict=False)), execution_options=options)


def _mark(connection: Connection) -> str:
    return "?" if connection.dialect.paramstyle == "qmark" else "%s"


def _bound_columns(
    connection: Connection, of: Table, columns: Mapping[str, Iterable[Any]]
) -> list[Iterable[Any]]:
    return [_bound(connection, of, name, values) for name, values in columns.items()]


def _repeated(connection: Connection, of: Table, alike: Mapping[str, Any]) -> list[Iterable[Any]]:
    return [repeat(next(iter(_bound(connection, of, name, [cell])))) for name, cell in alike.items()]


def delete_rows(session: Session, model: type[SQLModel], *where: ColumnElement[bool]) -> None:
    """Deletes rows one by one, so that the audit record covers each."""
    for row in session.exec(select(model).where(*where)).all():
        session.delete(row)
    session.flush()


def _bound(connection: Connection, of: Table, name: str, values: Iterable[Any]) -> Iterable[Any]:
    """Converts values as the column's type passes them to the driver."""
    dialect = connection.dialect
    process = of.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return values if process is None else map(process, values)
