"""Keeps fields that were set here where the document only repeats what was before, and reports each."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from sqlmodel import select

from app.commands.plan.indicator import PLAIN_FIELDS
from app.document.kit.row import RowEntry, is_same_cell
from app.document.load.document import Work
from app.document.load.edit import quoted
from app.document.shape import IndicatorEntry
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Agency

EDITABLE = (*PLAIN_FIELDS, "retired_reason")
COLUMNS = {
    "responsible_agency": ("responsible_agency_id",),
    "retired_reason": ("retired_reason", "retired_on"),
}
"""Columns of a field, where they are not one of the same name."""

LABELS = {
    "publication_lag_days": "Publication lag in days",
    "release_to": "Who may see the figures",
    "paired_with": "The indicator read with it",
    "owed_from": "The day from which figures are owed",
    "retired_reason": "Why it is retired",
}


class EditableRow(NamedTuple):
    """A stored row that people may edit here: its code and title, and its cells beside the document's."""

    code: str
    title: str
    cells: dict[str, tuple[Any, Any]]
    """By field as the audit record names it: the stored cell, and the document's or its default."""
    columns: dict[str, tuple[str, ...]]
    """Columns of a field, where they are not one of the same name."""


def without_undone_edits(work: Work, row: EditableRow, entry: RowEntry) -> RowEntry:
    """The entry without columns in which it would undo an edit that it does not know of.

    A field that was set here stays unless the document gives one that the field never had before.
    """
    edits, named = work.edits, set(entry.named)
    replacing: dict[str, str] = {}
    for field, (stored, proposed) in row.cells.items():
        edit = edits.setting(row.code, field, stored)
        if edit is None or is_same_cell(stored, proposed):
            continue
        columns = row.columns.get(field, (field,))
        is_named = columns[0] in entry.named
        if is_named and not edits.had_before(row.code, field, proposed):
            replacing[columns[0]] = f", which was {edit.words}"
            continue
        named.difference_update(columns)
        label = LABELS.get(field) or field.replace("_", " ").capitalize()
        words = f"the document has {quoted(proposed)}, as before" if is_named else "the document has none"
        work.left_alone.append(f"{label} of {row.title}: {quoted(stored)}, {edit.words}, is kept; {words}")
    return replace(entry, named=frozenset(named), replacing=replacing)


class EditableIndicators:
    """The partnership's stored indicators by code, with the fields that people may edit here."""

    def __init__(self, work: Work, stored: Mapping[str, Indicator]) -> None:
        self._work, self._stored = work, stored
        self._agencies = {row.id: row.code for row in work.session.exec(select(Agency))}

    def without_undone_edits(self, columns: RowEntry, entry: IndicatorEntry) -> RowEntry:
        """The entry's columns without those in which it would undo an edit."""
        row = self._stored.get(entry.code)
        if row is None:
            return columns
        cells = {field: (getattr(row, field), columns.columns[field]) for field in EDITABLE}
        responsible = self._agencies.get(row.responsible_agency_id) if row.responsible_agency_id else None
        cells["responsible_agency"] = (responsible, entry.responsible)
        editable = EditableRow(entry.code, row.title, cells, COLUMNS)
        return without_undone_edits(self._work, editable, columns)
