"""Engagements. They are the partnership's, so they may change under an adopted plan."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field
from sqlmodel import Session, col, select

from app.commands.groups.engagement import check_engagement
from app.document.kit.entry import Code, Day, Entry, Line, Prose
from app.document.kit.load import Load
from app.document.kit.names import Names
from app.document.kit.refusing import refusing_at
from app.document.kit.row import StoredRows, entry_of, row_entry, upsert_rows
from app.document.kit.section import Export, Section
from app.document.refusal import Problem
from app.models.groups.engagement import Engagement
from app.models.plan.partnership import Partnership


class EngagementEntry(Entry):
    """When and where the partnership heard people, and what was done about it."""

    code: Code
    title: Line
    begins_on: Day
    ends_on: Day | None = None
    place: Line | None = None
    area: Code | None = None
    group: Code | None = Field(default=None, description="The group that held it.")
    people: Line | None = Field(default=None, description="With whom, as kinds and numbers.")
    heard: Prose = ""
    done: Prose = Field(default="", description="What was done about it.")
    note: Prose = ""


def _references(names: Names, engagements: Sequence[EngagementEntry]) -> Iterator[Problem]:
    for number, engagement in enumerate(engagements):
        path = ("engagements", number)
        yield from names.unknown((*path, "area"), "area", engagement.area, "areas")
        yield from names.unknown((*path, "group"), "group", engagement.group, "groups")
        if engagement.ends_on is not None and engagement.ends_on < engagement.begins_on:
            text = f"It begins on {engagement.begins_on}, after this. Give its last day, or leave it out."
            yield names.problem((*path, "ends_on"), "before_start", text)


def _upsert(load: Load, engagements: Sequence[EngagementEntry]) -> None:
    entries = [
        row_entry(each, ("engagements", number), place=each.place or "", people=each.people or "")
        for number, each in enumerate(engagements)
    ]
    stored = _rows(load.session, load.partnership)
    owner = {"partnership_id": load.partnership.id}
    rows, _ = upsert_rows(
        load, StoredRows(Engagement, "engagement", stored, owner, is_plan_content=False), entries
    )
    for number, each in enumerate(engagements):
        with refusing_at(load, ("engagements", number)):
            check_engagement(load.change, rows[each.code])


def _entries(export: Export) -> Iterator[EngagementEntry]:
    for row in _rows(export.session, export.partnership):
        yield entry_of(EngagementEntry, row, place=row.place or None, people=row.people or None)


def _rows(session: Session, partnership: Partnership) -> Sequence[Engagement]:
    query = select(Engagement).where(Engagement.partnership_id == partnership.id)
    return session.exec(query.order_by(col(Engagement.position))).all()


SECTION = Section("engagements", EngagementEntry, _references, _upsert, _entries)
EngagementEntries = Annotated[list[EngagementEntry], SECTION]
