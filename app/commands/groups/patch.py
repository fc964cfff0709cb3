"""Applies the fields that a patch names to a row."""

from collections.abc import Collection
from datetime import date
from enum import Enum
from typing import Any

from app.commands.change import Change
from app.domain.errors import RuleBroken
from app.models.wire import In


def apply_patch(
    change: Change, row: Any, patch: In, may_be_empty: Collection[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Changes the fields that differ; returns them as they were and as they are, for the record.

    Null empties a field of `may_be_empty`, and is refused for any other. Fields that the row lacks are left out.
    """
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name in type(patch).model_fields:
        if name not in patch.model_fields_set or not hasattr(row, name):
            continue
        new = _plain(getattr(patch, name))
        if new is None and name not in may_be_empty:
            raise RuleBroken(name, "required", "Leave it out to keep it as it is.")
        if new != getattr(row, name):
            before[name], after[name] = _to_json(getattr(row, name)), _to_json(new)
            setattr(row, name, new)
    if after:
        change.session.add(row)
    return before, after


def _plain(field: Any) -> Any:
    return field.value if isinstance(field, Enum) else field


def _to_json(field: Any) -> Any:
    return field.isoformat() if isinstance(field, date) else field
