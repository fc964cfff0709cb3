"""Lists as CSV for machines: raw numbers, empty cells, nested names joined by a dot."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, get_args, get_origin

from typing_extensions import get_type_hints, is_typeddict

from app.models.column import plain
from app.models.neutral import neutral


def csv_text(items: Iterable[Mapping[str, Any]], item: Any) -> str:
    """A header line and a line an item. The columns are those of the kind of item, whichever items there are;
    what has names of its own (a figure's breakdown) adds a column for each that occurs."""
    rows = [dict(_cells(each)) for each in items]
    columns = dict.fromkeys((*_columns(item), *(name for row in rows for name in row)))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(columns), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@lru_cache(maxsize=64)
def _columns(item: Any, prefix: str = "") -> tuple[str, ...]:
    found: list[str] = []
    for name, kind in get_type_hints(item).items():
        kinds = get_args(kind) or (kind,)
        inner = next((each for each in kinds if is_typeddict(each)), None)
        whole: Any = get_origin(kind)
        if inner is not None and whole is not list:
            found.extend(_columns(inner, f"{prefix}{name}."))
        elif whole is not dict:
            found.append(prefix + name)
    return tuple(found)


def _cells(item: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in item.items():
        if isinstance(value, Mapping):
            yield from _cells(value, f"{prefix}{name}.")
        elif value is not None:
            yield prefix + name, _cell(value)


def _cell(value: Any) -> str | int:
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return plain(Decimal(str(value)))
    if isinstance(value, list | tuple):
        return neutral(json.dumps(value, ensure_ascii=False)) if value else ""
    return int(value)
