"""Areas that figures are counted in. They are the partnership's, so they may change under an adopted plan."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import Field
from sqlmodel import Session, col, select

from app.document.kit.entry import Code, Day, FlowEntry, Line
from app.document.kit.load import Load
from app.document.kit.names import Names
from app.document.kit.row import StoredRows, entry_of, row_entry, upsert_rows
from app.document.kit.section import Export, Section
from app.document.refusal import Problem
from app.models.plan.partnership import Area, Partnership


class AreaEntry(FlowEntry):
    code: Code = Field(description="The GSS code, or a code of the partnership's own for a local area.")
    name: Line
    kind: Literal["force_area", "partnership", "district", "ward", "local"]
    within: Code | None = None
    designated_from: Day | None = Field(
        default=None, description="For a local area: the day it was designated."
    )
    designated_to: Day | None = None


def _references(names: Names, areas: Sequence[AreaEntry]) -> Iterator[Problem]:
    for number, area in enumerate(areas):
        yield from names.unknown(("areas", number, "within"), "area", area.within, "areas")


def _upsert(load: Load, areas: Sequence[AreaEntry]) -> None:
    stored = _rows(load.session, load.partnership)
    entries = [
        row_entry(
            area,
            ("areas", number),
            designated_from=_day_text(area.designated_from),
            designated_to=_day_text(area.designated_to),
        )
        for number, area in enumerate(areas)
    ]
    owner = {"partnership_id": load.partnership.id}
    upsert_rows(load, StoredRows(Area, "area", stored, owner, is_plan_content=False), entries)


def _entries(export: Export) -> Iterator[AreaEntry]:
    for row in _rows(export.session, export.partnership):
        yield entry_of(
            AreaEntry,
            row,
            designated_from=_day(row.designated_from),
            designated_to=_day(row.designated_to),
        )


def _rows(session: Session, partnership: Partnership) -> Sequence[Area]:
    query = select(Area).where(Area.partnership_id == partnership.id).order_by(col(Area.position))
    return session.exec(query).all()


def _day_text(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


SECTION = Section("areas", AreaEntry, _references, _upsert, _entries)
AreaEntries = Annotated[list[AreaEntry], SECTION]
