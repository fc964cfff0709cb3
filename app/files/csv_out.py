"""Writes lists as CSV for machines: raw numbers, empty cells, nested names joined by a dot."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, get_args, get_origin

from typing_extensions import get_type_hints, is_typeddict

from app.files.csv_injection import neutral
from app.models.column import plain

Names = Mapping[str, Iterable[str]]
"""By field that holds an object with names of its own: the names it may hold."""


def csv_text(items: Iterable[Mapping[str, Any]], kinds: Iterable[Any], names: Names | None = None) -> str:
    """Writes a header line and a line for each item. The columns are those of the kinds of item, whichever items
    there are, so that pages can be joined.

    An object with names of its own (an event's data) is JSON in one cell; with its `names`, a column for each.
    A name that is not among them gets a column at the end.
    """
    named = names or {}
    fields = dict.fromkeys(field for kind in kinds for field in _fields(kind))
    json_fields = frozenset(fields) - frozenset(named)
    rows = [dict(_cells(each, json_fields)) for each in items]
    columns = dict.fromkeys(column for field in fields for column in _spread(field, named))
    columns.update(dict.fromkeys(column for row in rows for column in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(columns), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@lru_cache(maxsize=64)
def _fields(kind: Any, prefix: str = "") -> tuple[str, ...]:
    names: list[str] = []
    for name, annotation in get_type_hints(kind).items():
        inner = next((each for each in get_args(annotation) or (annotation,) if is_typeddict(each)), None)
        origin: Any = get_origin(annotation)
        if inner is not None and origin is not list:
            names.extend(_fields(inner, f"{prefix}{name}."))
        else:
            names.append(prefix + name)
    return tuple(names)


def _spread(field: str, named: Names) -> Iterator[str]:
    if field in named:
        yield from (f"{field}.{name}" for name in named[field])
    else:
        yield field


def _cells(
    item: Mapping[str, Any], json_fields: frozenset[str], prefix: str = ""
) -> Iterator[tuple[str, Any]]:
    for name, value in item.items():
        column = prefix + name
        if isinstance(value, Mapping) and column not in json_fields:
            yield from _cells(value, json_fields, f"{column}.")
        elif value is not None:
            yield column, _cell(value)


def _cell(value: Any) -> str | int:
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return plain(Decimal(str(value)))
    if isinstance(value, list | tuple | Mapping):
        return neutral(json.dumps(value, ensure_ascii=False, sort_keys=True)) if value else ""
    return int(value)
