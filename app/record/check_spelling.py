"""Verifies that SQLite holds each value in the one spelling that we write.

It stores days, instants, truth values and decimals as what was given. A digest covers what reading makes of them,
while statements compare them as they stand: the same instant in another spelling would let a key live on.
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
    """PostgreSQL has one spelling of each value by itself."""
    if connection.dialect.name != "sqlite":
        return
    for table, names, statement in _statements():
        for name, count in zip(names, connection.exec_driver_sql(statement).one(), strict=True):
            if count:
                yield f"{table}.{name} holds what this program does not write, in {count} row(s)."


@cache
def _statements() -> list[tuple[str, list[str], str]]:
    """Of each table with such columns: its name, theirs, and SQL that counts the strange values of each."""
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
    """Whether a stored value is not as it is written; None for columns that have one spelling."""
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
    """Anything but `app.models.column.plain`: digits, no needless zero, at most one sign and one point."""
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
