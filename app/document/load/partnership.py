"""Loads the document's partnership. It belongs to no plan, so it may change under an adopted one."""

from typing import Any

from sqlmodel import select

from app.document.kit.row import RowEntry, update_row
from app.document.load.document import Work
from app.models.plan.partnership import Partnership


def upsert_partnership(work: Work) -> Partnership:
    """Creates or changes the partnership; returns its row, with an id."""
    entry = work.document.partnership
    columns: dict[str, Any] = {
        "name": entry.name,
        "short_name": entry.short_name or entry.name,
        "area_code": entry.area,
    }
    named = frozenset(columns if "short_name" in entry.model_fields_set else columns.keys() - {"short_name"})
    row = work.session.exec(select(Partnership).where(Partnership.code == entry.code)).first()
    if row is None:
        row = work.change.add(Partnership(**columns, code=entry.code))
        work.did("created", f"partnership {entry.code}")
    elif row.area_code != entry.area:
        message = f"The partnership's own area is {row.area_code}: its figures are counted there."
        work.refuse(("partnership", "area"), "own_area", message)
    else:
        row_entry = RowEntry(entry.code, ("partnership",), columns, named)
        update_row(work, row, row_entry, f"partnership {entry.code}", is_plan_content=False)
    work.session.flush()
    return row
