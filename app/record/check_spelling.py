"""Verifies that SQLite holds each value in the one spelling that we write.

It stores days, instants, truth values and decimals as what was given. A digest covers what reading makes of them,
while statements compare them as they stand: the same instant in another spelling would let a key live on.
"""

from collections.abc import Iterator

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Date,
    Table,
    Text,
    and_,
    func,
    or_,
    select,
    type_coerce,
)
from sqlmodel import SQLModel

from app.models.column import Exact, Instant

DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
INSTANT = f"{DAY} [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]"


def check_spelling(connection: Connection) -> Iterator[str]:
    """PostgreSQL has one spelling of each value by itself."""
    if connection.dialect.name != "sqlite":
        return
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            strange = _is_strange(column)
            if strange is not None:
                yield from _found(connection, table, column.name, strange)


def _found(connection: Connection, table: Table, name: str, strange: ColumnElement[bool]) -> Iterator[str]:
    query = select(func.count()).select_from(table).where(table.c[name].is_not(None), strange)
    if count := connection.execute(query).scalar_one():
        yield f"{table.name}.{name} holds what this program does not write, in {count} row(s)."


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
