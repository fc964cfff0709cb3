"""An entry of any section as the document prints it."""

from datetime import date
from decimal import Decimal
from typing import Any

from app.document.kit.entry import Entry, FlowEntry, FlowStyle
from app.document.yaml_out import Flow, FlowList
from app.models.column import plain


def print_entry(entry: Entry) -> dict[str, Any]:
    """The fields that differ from their defaults, in the order of the entry's shape, as text."""
    printed = {
        field.alias or name: _print(getattr(entry, name), is_flow=FlowStyle() in field.metadata)
        for name, field in type(entry).model_fields.items()
        if getattr(entry, name) != field.get_default()
    }
    return Flow(printed) if isinstance(entry, FlowEntry) else printed


def _print(value: Any, *, is_flow: bool = False) -> Any:
    if value is None or isinstance(value, str):
        return value and str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Entry):
        return print_entry(value)
    if isinstance(value, dict):
        return {key: _print(each) for key, each in value.items()}
    if isinstance(value, list):
        return FlowList(map(_print, value)) if is_flow else [_print(each) for each in value]
    return str(value)
