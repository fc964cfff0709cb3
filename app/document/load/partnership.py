"""Loads the document's partnership. It belongs to no plan, so it may change under an adopted one."""

from typing import Any

from sqlmodel import select

from app.document.kit.row import RowEntry, update_row
from app.document.load.document import Work
from app.document.load.edit import Edits
from app.document.load.own_edit import EditableRow, without_undone_edits
from app.domain.errors import RuleBroken
from app.domain.returns.owed_from import check_owed_from
from app.models.plan.partnership import Partnership


def upsert_partnership(work: Work) -> Partnership:
    """Creates or changes the partnership; returns its row, with an id."""
    entry = work.document.partnership
    columns: dict[str, Any] = {
        "name": entry.name,
        "short_name": entry.short_name or entry.name,
        "area_code": entry.area,
        "owed_from": entry.owed_from,
    }
    always = {"name", "area_code"}
    named = frozenset(always | (columns.keys() & entry.model_fields_set))
    row = work.session.exec(select(Partnership).where(Partnership.code == entry.code)).first()
    _check_owed_from(work, row)
    if row is None:
        row = work.change.add(Partnership(**columns, code=entry.code))
        work.did("created", f"partnership {entry.code}")
        work.session.flush()
    work.edits = Edits(work.session, row.id)
    if row.area_code != entry.area:
        message = f"The partnership's own area is {row.area_code}: its figures are counted there."
        work.refuse(("partnership", "area"), "own_area", message)
    else:
        _update(work, row, RowEntry(entry.code, ("partnership",), columns, named))
    work.session.flush()
    return row


def _update(work: Work, row: Partnership, entry: RowEntry) -> None:
    cells = {"owed_from": (row.owed_from, entry.columns["owed_from"])}
    entry = without_undone_edits(work, EditableRow(row.code, row.name, cells, {}), entry)
    before = row.owed_from
    update_row(work, row, entry, f"partnership {entry.code}", is_plan_content=False)
    if row.owed_from != before:
        days = [day.isoformat() if day is not None else None for day in (before, row.owed_from)]
        work.change.within(row.id).record(
            "partnership loaded",
            "partnership",
            row.code,
            before={"owed_from": days[0]},
            after={"owed_from": days[1]},
        )


def _check_owed_from(work: Work, row: Partnership | None) -> None:
    entry = work.document.partnership
    try:
        check_owed_from(entry.owed_from, work.change.today)
    except RuleBroken as error:
        is_stored = row is not None and row.owed_from == entry.owed_from
        path = ("partnership", "owed_from")
        work.refuse_unless(is_stored, path, error.code, f"{error.field}: {error.message}")
