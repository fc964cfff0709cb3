"""Converts an entry of any section to text, as the document prints it."""

from datetime import date
from decimal import Decimal
from typing import Any

from app.document.kit.entry import Entry, FlowEntry, FlowStyle
from app.document.yaml_out import Flow, FlowList
from app.models.column import plain


def print_entry(entry: Entry) -> dict[str, Any]:
    """Fields that differ from their defaults, as text, in the order of the entry's type."""
    printed = {
        field.alias or name: _print(getattr(entry, name), is_flow=FlowStyle() in field.metadata)
        for name, field in type(entry).model_fields.items()
        if getattr(entry, name) != field.get_default()
    }
    return Flow(printed) if isinstance(entry, FlowEntry) and not _has_blocks(printed) else printed


def _has_blocks(printed: dict[str, Any]) -> bool:
    """Whether a field is a list of entries, which does not fit in a line."""
    return any(isinstance(each, list) and not isinstance(each, FlowList) for each in printed.values())


def _print(field_value: Any, *, is_flow: bool = False) -> Any:
    if field_value is None or isinstance(field_value, str):
        return field_value and str(field_value)
    if isinstance(field_value, bool):
        return "yes" if field_value else "no"
    if isinstance(field_value, Decimal):
        return plain(field_value)
    if isinstance(field_value, date):
        return field_value.isoformat()
    if isinstance(field_value, Entry):
        return print_entry(field_value)
    if isinstance(field_value, dict):
        return {key: _print(each) for key, each in field_value.items()}
    if isinstance(field_value, list):
        return FlowList(map(_print, field_value)) if is_flow else [_print(each) for each in field_value]
    return str(field_value)
