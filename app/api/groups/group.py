"""Groups: the Board and those below it, their members over time, and attendance."""

from typing import Annotated

from fastapi import Query
from sqlmodel import col
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Read, Write
from app.api.server.collection import Paged
from app.commands.groups.group import create_group, edit_group
from app.commands.groups.member import set_members
from app.domain.access.authority import Scope
from app.domain.period import containing
from app.domain.period_text import parse_period
from app.models.groups.attendance import AttendanceTableOut
from app.models.groups.group import Group, GroupIn, GroupMembersIn, GroupOut, GroupPatch, GroupWithDaysOut
from app.models.link import Link
from app.models.wire import PeriodText
from app.queries.groups import group as groups
from app.queries.groups.attendance import attendance_table
from app.queries.groups.directory import Directory

router = make_router("groups")
Reader = Annotated[Read, reading(Scope.READ)]
Writer = Annotated[Write, writing(Scope.WRITE_PLAN)]


@router.get("/groups", response_model=collection.page_of(GroupOut), responses=openapi.LIST)
def list_groups(call: Reader, page: Paged) -> Response:
    """Groups with their members over time; each names the one that it reports to."""
    query = groups.groups(call.actor).where(*collection.rows_after(call, page, Group))
    rows = call.session.exec(query.order_by(col(Group.id)).limit(page.limit + 1)).all()
    members = groups.list_members(call.session, [row.id for row in rows])
    directory = Directory(call.session, call.actor.within(Scope.READ))
    return collection.respond_page(
        call, page, rows, lambda row: groups.group_out(row, members[row.id], directory)
    )


@router.post("/groups", status_code=201, response_model=GroupWithDaysOut, responses=openapi.WRITE)
def create_a_group(call: Writer, body: GroupIn) -> Response:
    """Add a group. Its members are set afterwards."""
    row = create_group(call.change, body)
    return call.answer(_out(call, row), 201, location=Link("groups", row.code), version=row.seq)


@router.get("/groups/{code}", response_model=GroupWithDaysOut, responses=openapi.ONE)
def get_group(call: Reader, code: str) -> Response:
    """One group, and when it should meet by its rule. Its ETag is what an edit needs."""
    row = groups.get_group(call.session, call.actor, call.partnership().id, code)
    return call.answer(_out(call, row), version=row.seq)


@router.patch("/groups/{code}", response_model=GroupWithDaysOut, responses=openapi.EDIT)
def edit_a_group(call: Writer, code: str, patch: GroupPatch) -> Response:
    """Edit the fields named: its name, remit, chair, cycle, quorum, documents, the days that it exists."""
    row = groups.get_group(call.session, call.actor, call.partnership().id, code)
    require_if_match(call.request, row.seq)
    edit_group(call.change, row, patch)
    call.session.flush()
    return call.answer(_out(call, row), version=row.seq)


@router.put("/groups/{code}/members", response_model=GroupWithDaysOut, responses=openapi.EDIT)
def set_group_members(call: Writer, code: str, body: GroupMembersIn) -> Response:
    """Set the group's members over time: all of them, those that left too."""
    row = groups.get_group(call.session, call.actor, call.partnership().id, code)
    require_if_match(call.request, row.seq)
    set_members(call.change, row, body.members)
    call.session.flush()
    return call.answer(_out(call, row), version=row.seq)


@router.get("/groups/{code}/attendance", response_model=AttendanceTableOut, responses=openapi.ONE)
def get_attendance(
    call: Reader,
    code: str,
    period: Annotated[PeriodText | None, Query(description="Absent, this financial year.")] = None,
) -> Response:
    """Attendance by authority at the group's meetings in a period, with what papers printed beside it."""
    row = groups.get_group(call.session, call.actor, call.partnership().id, code)
    chosen = parse_period(period) if period is not None else containing(call.today, 12)
    return call.answer(attendance_table(call.session, row, chosen))


def _out(call: Read | Write, row: Group) -> GroupWithDaysOut:
    directory = Directory(call.session, [row.partnership_id])
    members = groups.list_members(call.session, [row.id])[row.id]
    return groups.group_with_days_out(call.session, groups.group_out(row, members, directory), call.today)
