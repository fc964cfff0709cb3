"""What papers printed of attendance. Ours is worked out from the meetings, and a difference is reported."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from sqlmodel import Session, col, select

from app.document.kit.codes import codes_by_id
from app.document.kit.entry import Code, FinancialYear, FlowEntry, Line, WholeNumber
from app.document.kit.load import Load
from app.document.kit.names import Names
from app.document.kit.section import Export, Section
from app.document.refusal import Problem
from app.domain.groups.attendance import beside_published
from app.domain.groups.responsible import is_responsible_authority
from app.domain.period import year_named
from app.models.groups.attendance import PublishedAttendance
from app.models.groups.group import Group
from app.models.plan.partnership import Agency, Partnership
from app.queries.groups.attendance import rows_for

Key = tuple[int, str, int]
"""Group, year and agency."""


class PublishedAttendanceEntry(FlowEntry):
    """A line of a paper's table: an authority's attendance at a group's meetings in a financial year."""

    group: Code
    year: FinancialYear
    agency: Code
    percent: WholeNumber
    attended: WholeNumber | None = None
    source: Line = ""


def _references(names: Names, entries: Sequence[PublishedAttendanceEntry]) -> Iterator[Problem]:
    seen: set[tuple[str, str, str]] = set()
    for number, entry in enumerate(entries):
        at = ("published_attendance", number)
        yield from names.unknown((*at, "group"), "group", entry.group, "groups")
        yield from names.unknown((*at, "agency"), "agency", entry.agency, "agencies")
        if entry.percent > 100:
            yield names.problem((*at, "percent"), "too_large", "Expected a percentage from 0 to 100.")
        key = (entry.group, entry.year, entry.agency)
        if key in seen:
            message = "The same group, year and agency stand here twice. Keep one of the two."
            yield names.problem(at, "repeated_attendance", message)
        seen.add(key)


def _upsert(load: Load, entries: Sequence[PublishedAttendanceEntry]) -> None:
    stored = {(row.group_id, row.year, row.agency_id): row for row in _rows(load.session, load.partnership)}
    keys: set[Key] = set()
    for number, entry in enumerate(entries):
        key = (load.ids["groups"][entry.group], entry.year, load.ids["agencies"][entry.agency])
        keys.add(key)
        _upsert_row(load, stored.get(key), key, entry, number)
        load.warnings.extend(_differences(load, key, entry, number))
    for row in stored.values():
        if (row.group_id, row.year, row.agency_id) not in keys:
            load.left_alone.append(f"published attendance of {row.year} is not in the document")


def _upsert_row(
    load: Load, row: PublishedAttendance | None, key: Key, entry: PublishedAttendanceEntry, number: int
) -> None:
    columns = {"percent": entry.percent, "attended": entry.attended, "source": entry.source}
    what = f"published attendance of {entry.agency} in {entry.year}"
    if row is None:
        group_id, year, agency_id = key
        load.change.add(
            PublishedAttendance(
                partnership_id=load.partnership.id,
                group_id=group_id,
                year=year,
                agency_id=agency_id,
                position=number + 1,
                percent=entry.percent,
                attended=entry.attended,
                source=entry.source,
            )
        )
        load.did("created", what)
        return
    for name, cell in columns.items():
        if getattr(row, name) != cell:
            load.did("changed", f"{what}: {name} was {getattr(row, name)}, now {cell}")
            setattr(row, name, cell)


def _differences(load: Load, key: Key, entry: PublishedAttendanceEntry, number: int) -> Iterator[Problem]:
    """Warns of a percentage that ours differs from, and of an agency that is no responsible authority."""
    group = load.session.get_one(Group, key[0])
    agency = load.session.get_one(Agency, key[2])
    rows, _ = rows_for(load.session, group, year_named(entry.year))
    row = next((each for each in rows if each.agency == agency.code), None)
    line = load.line("published_attendance", number, "percent")
    if row is None:
        yield Problem(
            line, "no_member", f"{agency.name} has no post in {group.name}: nothing to compare with."
        )
    elif words := beside_published(entry.percent, row):
        yield Problem(line, "attendance_differs", f"{agency.name}: {words}.")
    if not is_responsible_authority(agency.kind, agency.name):
        text = f"{agency.name} is printed with the responsible authorities, and is none."
        yield Problem(load.line("published_attendance", number, "agency"), "no_responsible_authority", text)


def _entries(export: Export) -> Iterator[PublishedAttendanceEntry]:
    groups = codes_by_id(export.session, Group, export.partnership.id)
    agencies = dict(export.session.exec(select(Agency.id, Agency.code)).all())
    for row in _rows(export.session, export.partnership):
        yield PublishedAttendanceEntry.model_construct(
            group=groups[row.group_id],
            year=row.year,
            agency=agencies[row.agency_id],
            percent=row.percent,
            attended=row.attended,
            source=row.source,
        )


def _rows(session: Session, partnership: Partnership) -> Sequence[PublishedAttendance]:
    query = select(PublishedAttendance).where(PublishedAttendance.partnership_id == partnership.id)
    return session.exec(query.order_by(col(PublishedAttendance.position), col(PublishedAttendance.id))).all()


SECTION = Section("published_attendance", PublishedAttendanceEntry, _references, _upsert, _entries)
PublishedAttendanceEntries = Annotated[list[PublishedAttendanceEntry], SECTION]
