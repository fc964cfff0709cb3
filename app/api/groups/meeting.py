"""Meetings: their agenda, who came, and whether they were held."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel
from sqlmodel import col
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Read, Write
from app.api.server.collection import Paged
from app.api.server.step import taking
from app.commands.groups import meeting as commands
from app.commands.groups.agenda import set_items
from app.commands.groups.attendance import record_attendance
from app.domain.access.authority import Scope
from app.domain.groups.meeting_steps import CANCEL, HOLD, INQUORATE, TAKE_BACK
from app.domain.period_text import parse_period
from app.models.groups.attendance import MeetingAttendanceIn
from app.models.groups.group import Group
from app.models.groups.meeting import (
    AgendaIn,
    ForwardPlanItemOut,
    Meeting,
    MeetingIn,
    MeetingOut,
    MeetingPatch,
    MeetingStepIn,
    MeetingTakeBackIn,
    MeetingWithPartsOut,
)
from app.models.link import Link
from app.models.wire import PeriodText
from app.queries.groups import meeting as meetings
from app.queries.groups.directory import Directory
from app.queries.groups.forward_plan import forward_plan

router = make_router("groups")
Reader = Annotated[Read, reading(Scope.READ)]
Writer = Annotated[Write, writing(Scope.WRITE_PLAN)]


class MeetingFilters(BaseModel):
    """Filters of a list of meetings."""

    group: str | None = None
    period: PeriodText | None = None


@router.get("/meetings", response_model=collection.page_of(MeetingOut), responses=openapi.LIST)
def list_meetings(call: Reader, page: Paged, filters: Annotated[MeetingFilters, Query()]) -> Response:
    """Meetings, planned, held and cancelled, each with its items of business."""
    query = meetings.meetings(call.actor).where(*collection.rows_after(call, page, Meeting))
    if filters.group is not None:
        query = query.join(Group, col(Group.id) == col(Meeting.group_id)).where(Group.code == filters.group)
    if filters.period is not None:
        period = parse_period(filters.period)
        query = query.where(col(Meeting.day).between(period.start, period.end))
    rows = call.session.exec(query.order_by(col(Meeting.id)).limit(page.limit + 1)).all()
    items = meetings.list_items(call.session, [row.id for row in rows])
    directory = Directory(call.session, call.actor.within(Scope.READ))
    return collection.respond_page(
        call, page, rows, lambda row: meetings.meeting_out(row, items[row.id], directory)
    )


@router.post("/meetings", status_code=201, response_model=MeetingWithPartsOut, responses=openapi.WRITE)
def create_a_meeting(call: Writer, body: MeetingIn) -> Response:
    """Add a meeting, to come or past; a step then says whether it was held."""
    row = commands.create_meeting(call.change, body)
    call.session.flush()
    return call.answer(_out(call, row), 201, location=Link("meetings", row.code), version=row.seq)


@router.get("/meetings/{code}", response_model=MeetingWithPartsOut, responses=openapi.ONE)
def get_meeting(call: Reader, code: str) -> Response:
    """One meeting: who was expected and came, what was decided, what is to be done. An edit needs its ETag."""
    row = _get(call, code)
    return call.answer(_out(call, row), version=row.seq)


@router.patch("/meetings/{code}", response_model=MeetingWithPartsOut, responses=openapi.EDIT)
def edit_a_meeting(call: Writer, code: str, patch: MeetingPatch) -> Response:
    """Edit the fields named: its day, its kind, its note."""
    row = _get_matched(call, code)
    commands.edit_meeting(call.change, row, patch)
    return _respond(call, row)


@router.put("/meetings/{code}/items", response_model=MeetingWithPartsOut, responses=openapi.EDIT)
def set_meeting_items(call: Writer, code: str, body: AgendaIn) -> Response:
    """Set the agenda, and what became of each item."""
    row = _get_matched(call, code)
    set_items(call.change, row, body.items)
    return _respond(call, row)


@router.put("/meetings/{code}/attendance", response_model=MeetingWithPartsOut, responses=openapi.EDIT)
def record_meeting_attendance(call: Writer, code: str, body: MeetingAttendanceIn) -> Response:
    """Record who came: some by name, or all the others in one go. Who is not recorded is not taken to have come."""
    row = _get_matched(call, code)
    record_attendance(call.change, row, body)
    return _respond(call, row)


@router.post("/meetings/{code}/hold", response_model=MeetingWithPartsOut, responses=openapi.EDIT)
@taking(HOLD)
def hold_meeting(call: Writer, code: str, body: MeetingStepIn) -> Response:
    """Record that the meeting was held."""
    row = _get_matched(call, code)
    commands.hold(call.change, row, body.reason)
    return _respond(call, row)


@router.post("/meetings/{code}/cancel", response_model=MeetingWithPartsOut, responses=openapi.EDIT)
@taking(CANCEL)
def cancel_meeting(call: Writer, code: str, body: MeetingStepIn) -> Response:
    """Record that the meeting was cancelled."""
    row = _get_matched(call, code)
    commands.cancel(call.change, row, body.reason)
    return _respond(call, row)


@router.post("/meetings/{code}/inquorate", response_model=MeetingWithPartsOut, responses=openapi.EDIT)
@taking(INQUORATE)
def mark_meeting_inquorate(call: Writer, code: str, body: MeetingStepIn) -> Response:
    """Record that too few came: what was decided has to be ratified at a later meeting."""
    row = _get_matched(call, code)
    commands.mark_inquorate(call.change, row, body.reason)
    return _respond(call, row)


@router.post("/meetings/{code}/take-back", response_model=MeetingWithPartsOut, responses=openapi.EDIT)
@taking(TAKE_BACK)
def take_back_meeting_step(call: Writer, code: str, body: MeetingTakeBackIn) -> Response:
    """Take back a step that was a slip, with the reason on record: the meeting is a planned one again."""
    row = _get_matched(call, code)
    commands.take_back(call.change, row, body.reason)
    return _respond(call, row)


@router.get(
    "/forward-plan",
    response_model=collection.page_of(ForwardPlanItemOut),
    responses=openapi.LIST,
    dependencies=[collection.Formatted],
)
def list_forward_plan(call: Reader, group: str | None = None) -> Response:
    """Business to come: items of planned meetings by day, then what has no meeting yet."""
    directory = Directory(call.session, call.actor.within(Scope.READ))
    return collection.respond_items(call, forward_plan(call.session, call.actor, group, directory))


def _get(call: Read | Write, code: str) -> Meeting:
    return meetings.get_meeting(call.session, call.actor, call.partnership().id, code)


def _get_matched(call: Write, code: str) -> Meeting:
    """The meeting, of the version that the request names in If-Match."""
    row = _get(call, code)
    require_if_match(call.request, row.seq)
    return row


def _out(call: Read | Write, row: Meeting) -> MeetingWithPartsOut:
    return meetings.meeting_with_parts_out(call.session, row, call.access(), call.today)


def _respond(call: Write, row: Meeting) -> Response:
    call.session.flush()
    return call.answer(_out(call, row), version=row.seq)
