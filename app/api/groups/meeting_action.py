"""Actions that arose at meetings: owner, day, and how they go."""

from typing import Annotated

from sqlmodel import col
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Read, Write
from app.api.server.collection import Paged
from app.commands.groups.meeting_action import create_meeting_action, edit_meeting_action
from app.domain.access.authority import Scope
from app.models.groups.group import Group
from app.models.groups.meeting_action import (
    MeetingAction,
    MeetingActionIn,
    MeetingActionOut,
    MeetingActionPatch,
)
from app.models.link import Link
from app.queries.groups import meeting_action as actions
from app.queries.groups.directory import Directory

router = make_router("groups")
Reader = Annotated[Read, reading(Scope.READ)]
Writer = Annotated[Write, writing(Scope.WRITE_PLAN)]


@router.get("/meeting-actions", response_model=collection.page_of(MeetingActionOut), responses=openapi.LIST)
def list_meeting_actions(call: Reader, page: Paged, group: str | None = None) -> Response:
    """Actions that arose at meetings, open and done."""
    query = actions.meeting_actions(call.actor).where(*collection.rows_after(call, page, MeetingAction))
    if group is not None:
        query = query.join(Group, col(Group.id) == col(MeetingAction.group_id)).where(Group.code == group)
    rows = call.session.exec(query.order_by(col(MeetingAction.id)).limit(page.limit + 1)).all()
    directory = Directory(call.session, call.actor.within(Scope.READ))
    outs = actions.meeting_action_outs(call.session, rows, directory, call.today)
    outs_by_id = {int(out["id"]): out for out in outs}
    return collection.respond_page(call, page, rows, lambda row: outs_by_id[row.id])


@router.post("/meeting-actions", status_code=201, response_model=MeetingActionOut, responses=openapi.WRITE)
def create_a_meeting_action(call: Writer, body: MeetingActionIn) -> Response:
    """Enter an action that arose at a meeting, or from a decision made there."""
    row = create_meeting_action(call.change, body)
    return call.answer(_out(call, row), 201, location=Link("meeting-actions", row.code), version=row.seq)


@router.get("/meeting-actions/{code}", response_model=MeetingActionOut, responses=openapi.ONE)
def get_meeting_action(call: Reader, code: str) -> Response:
    """One action. Its ETag is what an edit needs."""
    row = actions.get_meeting_action(call.session, call.actor, call.partnership().id, code)
    return call.answer(_out(call, row), version=row.seq)


@router.patch("/meeting-actions/{code}", response_model=MeetingActionOut, responses=openapi.EDIT)
def edit_a_meeting_action(call: Writer, code: str, patch: MeetingActionPatch) -> Response:
    """Say how it goes; give it another owner or day, with the reason on record."""
    row = actions.get_meeting_action(call.session, call.actor, call.partnership().id, code)
    require_if_match(call.request, row.seq)
    edit_meeting_action(call.change, row, patch)
    call.session.flush()
    return call.answer(_out(call, row), version=row.seq)


def _out(call: Read | Write, row: MeetingAction) -> MeetingActionOut:
    directory = Directory(call.session, [row.partnership_id])
    (out,) = actions.meeting_action_outs(call.session, [row], directory, call.today)
    return out
