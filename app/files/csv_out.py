"""Lists as CSV for machines: raw numbers, empty cells, nested names joined by a dot."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, get_args, get_origin

from typing_extensions import get_type_hints, is_typeddict

from app.files.neutral import neutral
from app.models.column import plain

Names = Mapping[str, Iterable[str]]
"""By field: which names an object may hold that has names of its own."""


def csv_text(items: Iterable[Mapping[str, Any]], kinds: Iterable[Any], names: Names | None = None) -> str:
    """A header line and a line an item. The columns are those of the kinds of item, whichever items there are,
    so that one page can be put after another.

    An object with names of its own (an event's data) is JSON in one cell; with its `names`, a column for each.
    A name that is not among them still comes, last, rather than be lost.
    """
    named = names or {}
    fields = dict.fromkeys(field for kind in kinds for field in _fields(kind))
    whole = frozenset(fields) - frozenset(named)
    rows = [dict(_cells(each, whole)) for each in items]
    columns = dict.fromkeys(column for field in fields for column in _spread(field, named))
    columns.update(dict.fromkeys(column for row in rows for column in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(columns), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@lru_cache(maxsize=64)
def _fields(kind: Any, prefix: str = "") -> tuple[str, ...]:
    found: list[str] = []
    for name, said in get_type_hints(kind).items():
        inner = next((each for each in get_args(said) or (said,) if is_typeddict(each)), None)
        origin: Any = get_origin(said)
        if inner is not None and origin is not list:
            found.extend(_fields(inner, f"{prefix}{name}."))
        else:
            found.append(prefix + name)
    return tuple(found)


def _spread(field: str, named: Names) -> Iterator[str]:
    if field in named:
        yield from (f"{field}.{name}" for name in named[field])
    else:
        yield field


def _cells(item: Mapping[str, Any], whole: frozenset[str], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in item.items():
        column = prefix + name
        if isinstance(value, Mapping) and column not in whole:
            yield from _cells(value, whole, f"{column}.")
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
