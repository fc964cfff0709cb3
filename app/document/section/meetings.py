"""Meetings with their agendas and attendance. A document states what papers say, and takes no step."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field
from sqlmodel import Session, col, select

from app.commands.groups.agenda import set_items
from app.commands.groups.attendance import record_attendance
from app.commands.groups.meeting import check_meeting, fix_quorum
from app.commands.groups.touch import touch_readers_of_meeting
from app.document.kit.codes import codes_by_id
from app.document.kit.entry import Code, Day, Entry, FlowCodes, FlowEntry, Line, Prose, WholeNumber
from app.document.kit.load import Load
from app.document.kit.names import Names
from app.document.kit.refusing import refusing_at
from app.document.kit.row import RowEntry, entry_of, row_entry, update_row
from app.document.kit.section import Export, Section
from app.document.kit.tree import Path
from app.document.refusal import Problem
from app.domain.groups.attendance import RECORDED
from app.domain.groups.meeting import AgendaItemHandling, MeetingKind, MeetingState
from app.models.groups.attendance import Attendance, AttendanceIn, MeetingAttendanceIn
from app.models.groups.group import Group
from app.models.groups.meeting import AgendaItemIn, Meeting, MeetingItem
from app.models.plan.partnership import Partnership
from app.queries.groups.attendance import attendance_of
from app.queries.groups.meeting import list_items

NOT_COLUMNS = ("group", "items", "attendance", "attendance_sources")


class AgendaItemEntry(Entry):
    """An item of business. Without a number it follows the one before it."""

    title: Line
    number: WholeNumber | None = None
    handling: AgendaItemHandling = AgendaItemHandling.TO_COME
    text: Prose = ""


class AttendanceEntry(Entry):
    """Codes of posts by what is recorded of them. Of a member who is in none it is not recorded."""

    present: FlowCodes = []
    deputy: FlowCodes = []
    remote: FlowCodes = []
    apologies: FlowCodes = []
    absent: FlowCodes = []


class AttendanceSourceEntry(FlowEntry):
    """Whose word it is what is recorded of a post, and how it came, where it is not the minutes'."""

    post: Code
    on_behalf_of: Code | None = None
    heard_how: Line = ""


class MeetingEntry(Entry):
    """A meeting of a group, to come or past."""

    code: Code
    group: Code
    day: Day
    kind: MeetingKind = MeetingKind.ORDINARY
    state: MeetingState = MeetingState.PLANNED
    state_reason: Prose = ""
    note: Prose = ""
    quorum: WholeNumber | None = Field(
        default=None,
        description="The group's on the day, of a meeting that was held; 0 where it had none. Absent, the group's now.",
    )
    items: list[AgendaItemEntry] = []
    attendance: AttendanceEntry = AttendanceEntry()
    attendance_sources: list[AttendanceSourceEntry] = []


def _references(names: Names, meetings: Sequence[MeetingEntry]) -> Iterator[Problem]:
    for number, meeting in enumerate(meetings):
        at = ("meetings", number)
        yield from names.unknown((*at, "group"), "group", meeting.group, "groups")
        for status in RECORDED:
            for place, code in enumerate(getattr(meeting.attendance, status.value)):
                path = (*at, "attendance", status.value, place)
                yield from names.unknown(path, "post", code, "posts")
        yield from _source_references(names, at, meeting)


def _source_references(names: Names, at: Path, meeting: MeetingEntry) -> Iterator[Problem]:
    """Problems of sources: of no post, of one whose attendance the document does not give, or given twice."""
    recorded = {code for status in RECORDED for code in getattr(meeting.attendance, status.value)}
    for place, source in enumerate(meeting.attendance_sources):
        path = (*at, "attendance_sources", place)
        yield from names.unknown((*path, "on_behalf_of"), "post", source.on_behalf_of, "posts")
        if source.post not in recorded:
            message = (
                f"Nothing is recorded of {source.post} in the attendance: name it there, or leave this out."
            )
            yield names.problem((*path, "post"), "not_in_attendance", message)
        if source.post in [each.post for each in meeting.attendance_sources[:place]]:
            yield names.problem(
                (*path, "post"), "repeated", f"{source.post} is here twice. Keep one of the two."
            )


def _upsert(load: Load, meetings: Sequence[MeetingEntry]) -> None:
    rows = {row.code: row for row in _rows(load.session, load.partnership)}
    for code in rows.keys() - {meeting.code for meeting in meetings}:
        load.left_alone.append(f"meeting {code} is not in the document")
    for number, meeting in enumerate(meetings):
        path = ("meetings", number)
        with refusing_at(load, path):
            row = _upsert_row(load, rows.get(meeting.code), _row_entry(load, meeting, number))
            if set_items(load.change, row, _items(load, row, meeting)):
                load.did("changed", f"meeting {meeting.code}: its agenda")
            _record_attendance(load, row, meeting)


def _upsert_row(load: Load, row: Meeting | None, entry: RowEntry) -> Meeting:
    if row is None:
        row = Meeting(**entry.columns, partnership_id=load.partnership.id)
        check_meeting(load.change, row)
        fix_quorum(load.change, row)
        load.did("created", f"meeting {entry.code}")
        return load.change.add(row)
    if update_row(load, row, entry, f"meeting {entry.code}", is_plan_content=False):
        check_meeting(load.change, row)
        fix_quorum(load.change, row)
        touch_readers_of_meeting(load.change, row)
    return row


def _row_entry(load: Load, meeting: MeetingEntry, number: int) -> RowEntry:
    group_id = load.ids["groups"][meeting.group]
    entry = row_entry(meeting, ("meetings", number), group_id=group_id)
    columns = {name: cell for name, cell in entry.columns.items() if name not in NOT_COLUMNS}
    return RowEntry(entry.code, entry.path, columns, entry.named | {"group_id"})


def _items(load: Load, row: Meeting, meeting: MeetingEntry) -> list[AgendaItemIn]:
    """The document's items, and the stored ones that it lacks, which are reported and stay."""
    stored = {each.number: each for each in list_items(load.session, [row.id])[row.id]}
    items: list[AgendaItemIn] = []
    number = 0
    for entry in meeting.items:
        number = entry.number if entry.number is not None else number + 1
        earlier = stored.pop(number, None)
        is_kept = earlier is not None and "handling" not in entry.model_fields_set
        handling = AgendaItemHandling(earlier.handling) if is_kept and earlier is not None else entry.handling
        items.append(AgendaItemIn(title=entry.title, number=number, handling=handling, text=entry.text))
    for each in stored.values():
        load.left_alone.append(f"meeting {row.code}: item {each.number} is not in the document")
        handling = AgendaItemHandling(each.handling)
        items.append(AgendaItemIn(title=each.title, number=each.number, handling=handling, text=each.text))
    return items


def _record_attendance(load: Load, row: Meeting, meeting: MeetingEntry) -> None:
    sources = {
        each.post: {"on_behalf_of": each.on_behalf_of, "heard_how": each.heard_how}
        for each in meeting.attendance_sources
    }
    entries = [
        AttendanceIn(post=code, status=status.value, **sources.get(code, {}))
        for status in RECORDED
        for code in getattr(meeting.attendance, status.value)
    ]
    if entries and record_attendance(load.change, row, MeetingAttendanceIn(attendance=entries)):
        load.did("changed", f"meeting {meeting.code}: its attendance")


def _entries(export: Export) -> Iterator[MeetingEntry]:
    rows = _rows(export.session, export.partnership)
    items = list_items(export.session, [row.id for row in rows])
    attendance = attendance_of(export.session, rows)
    groups = codes_by_id(export.session, Group, export.partnership.id)
    with_quorum = set(export.session.exec(select(Group.id).where(col(Group.quorum).is_not(None))))
    for row in rows:
        yield entry_of(
            MeetingEntry,
            row,
            group=groups[row.group_id],
            kind=MeetingKind(row.kind),
            state=MeetingState(row.state),
            quorum=row.quorum if row.quorum or row.group_id in with_quorum else None,
            items=_item_entries(items[row.id]),
            attendance=_attendance_entry(attendance[row.id]),
            attendance_sources=_source_entries(attendance[row.id]),
        )


def _item_entries(rows: Sequence[MeetingItem]) -> list[AgendaItemEntry]:
    """Items, each with its number where that does not follow from the one before it."""
    entries, before = [], 0
    for row in rows:
        number = row.number if row.number != before + 1 else None
        before = row.number
        handling = AgendaItemHandling(row.handling)
        entries.append(
            AgendaItemEntry.model_construct(title=row.title, number=number, handling=handling, text=row.text)
        )
    return entries


def _attendance_entry(rows: dict[str, Attendance]) -> AttendanceEntry:
    return AttendanceEntry.model_validate(
        {
            status.value: sorted(code for code, row in rows.items() if row.status == status.value)
            for status in RECORDED
        }
    )


def _source_entries(rows: dict[str, Attendance]) -> list[AttendanceSourceEntry]:
    return [
        AttendanceSourceEntry.model_construct(
            post=code, on_behalf_of=row.on_behalf_of, heard_how=row.heard_how
        )
        for code, row in sorted(rows.items())
        if row.on_behalf_of is not None or row.heard_how
    ]


def _rows(session: Session, partnership: Partnership) -> Sequence[Meeting]:
    query = select(Meeting).where(Meeting.partnership_id == partnership.id)
    return session.exec(query.order_by(col(Meeting.day), col(Meeting.id))).all()


SECTION = Section("meetings", MeetingEntry, _references, _upsert, _entries)
MeetingEntries = Annotated[list[MeetingEntry], SECTION]
