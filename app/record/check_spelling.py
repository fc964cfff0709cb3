"""Verifies that SQLite holds each value in the one spelling that we write.

It stores days, instants, truth values and decimals as they are passed. A digest covers the parsed value, while
statements compare the stored text: the same instant in another spelling would extend the life of a key.
"""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Date,
    Text,
    and_,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.dialects import sqlite
from sqlmodel import SQLModel

from app.models.column import Exact, Instant

DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
INSTANT = f"{DAY} [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]"


def check_spelling(connection: Connection) -> Iterator[str]:
    """Yields errors in words. Nothing on PostgreSQL, which has one spelling of each value by itself."""
    if connection.dialect.name != "sqlite":
        return
    for table, names, statement in _statements():
        for name, count in zip(names, connection.exec_driver_sql(statement).one(), strict=True):
            if count:
                yield f"{table}.{name} holds what this program does not write, in {count} row(s)."


@cache
def _statements() -> list[tuple[str, list[str], str]]:
    """Name, columns, and SQL that counts strange values by column, of each table with such columns."""
    statements = []
    for table in SQLModel.metadata.sorted_tables:
        strange = {
            column: is_strange for column in table.columns if (is_strange := _is_strange(column)) is not None
        }
        if strange:
            counts = [func.count().filter(column.is_not(None), each) for column, each in strange.items()]
            query = select(*counts).select_from(table)
            text = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
            statements.append((table.name, [column.name for column in strange], str(text)))
    return statements


def _is_strange(column: ColumnElement[object]) -> ColumnElement[bool] | None:
    """Condition for a value that is not spelt as we write it; None for columns that have one spelling."""
    stored = type_coerce(column, Text)
    kind = func.typeof(column)
    if isinstance(column.type, Instant):
        return or_(kind != "text", stored.bool_op("NOT GLOB")(INSTANT))
    if isinstance(column.type, Date):
        return or_(kind != "text", stored.bool_op("NOT GLOB")(DAY))
    if isinstance(column.type, Boolean):
        return or_(kind != "integer", stored.not_in([0, 1]))
    return or_(kind != "text", _is_strange_number(stored)) if isinstance(column.type, Exact) else None


def _is_strange_number(stored: ColumnElement[str]) -> ColumnElement[bool]:
    """Condition for a text that `app.models.column.plain` does not write.

    It writes digits, no needless zero, at most one sign and one point.
    """
    digits = func.ltrim(stored, "-")
    return or_(
        stored.bool_op("GLOB")("*[^-.0-9]*"),
        stored.bool_op("GLOB")("?*-*"),
        stored.bool_op("GLOB")("*.*.*"),
        digits.bool_op("GLOB")("0[0-9]*"),
        digits.bool_op("GLOB")(".*"),
        and_(stored.bool_op("GLOB")("*.*"), or_(stored.bool_op("GLOB")("*0"), stored.bool_op("GLOB")("*."))),
        stored.in_(["", "-", "-0"]),
    )
