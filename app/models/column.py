"""Column types that mean the same on SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import JSON, DateTime, Numeric, String, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


class Exact(TypeDecorator[Decimal]):
    """A decimal of up to 15 significant digits and 6 places, stored exactly.

    PostgreSQL has a type for it. SQLite would turn one into a binary fraction, so there it is text;
    a scaled integer would not do, as 15 digits and 6 places overflow 64 bits.
    """

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(24))
        return dialect.type_descriptor(Numeric(21, 6))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name != "sqlite" else plain(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Decimal | None]:
        """Replaces `process_result_value`, which costs two more calls for every cell read."""
        return _from_text if dialect.name == "sqlite" else _without_zeros


def _from_text(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _without_zeros(number: Decimal | None) -> Decimal | None:
    return None if number is None else Decimal(plain(number))


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. Stored without a zone, as SQLite has none; never naive in Python."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value is not None else None

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None else None


class Listed(TypeDecorator[Any]):
    """A small list or mapping, stored as JSON and always read completely."""

    impl = JSON
    cache_ok = True


def table(model: type[Any]) -> Table:
    """A model's table, for reads and writes of many rows without objects."""
    return cast(Table, model.__table__)


def plain(number: Decimal) -> str:
    """Formats a decimal in the shortest ordinary notation: no exponent, no trailing zeros, no negative zero."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
