"""Decisions: of a meeting, of a chair between meetings, or of another body, each with what it decided."""

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
from app.commands.groups import decision as commands
from app.domain.access.authority import Scope
from app.domain.groups.decision_steps import RATIFY
from app.models.groups.decision import Decision, DecisionIn, DecisionOut, DecisionPatch, RatifyIn
from app.models.groups.group import Group
from app.models.link import Link
from app.queries.groups import decision as decisions
from app.queries.groups.directory import Directory
from app.queries.subjects import SUBJECTS

router = make_router("groups")
Reader = Annotated[Read, reading(Scope.READ)]
Writer = Annotated[Write, writing(Scope.WRITE_PLAN)]


class DecisionFilters(BaseModel):
    """Filters of a list of decisions. `subject` is given with its kind."""

    group: str | None = None
    subject_kind: str | None = None
    subject: str | None = None


@router.get("/decisions", response_model=collection.page_of(DecisionOut), responses=openapi.LIST)
def list_decisions(call: Reader, page: Paged, filters: Annotated[DecisionFilters, Query()]) -> Response:
    """Decisions, each with its meeting, what it decided, and whether it still has to be ratified."""
    query = decisions.decisions(call.actor).where(*collection.rows_after(call, page, Decision))
    if filters.group is not None:
        query = query.join(Group, col(Group.id) == col(Decision.group_id)).where(Group.code == filters.group)
    if filters.subject_kind is not None:
        query = query.where(Decision.subject_kind == filters.subject_kind)
    if filters.subject is not None:
        query = query.where(Decision.subject_ref == filters.subject)
    rows = call.session.exec(query.order_by(col(Decision.id)).limit(page.limit + 1)).all()
    directory = Directory(call.session, call.actor.within(Scope.READ))
    outs = decisions.decision_outs(call.session, rows, directory, call.actor.access_in)
    outs_by_id = {int(out["id"]): out for out in outs}
    return collection.respond_page(call, page, rows, lambda row: outs_by_id[row.id])


@router.post("/decisions", status_code=201, response_model=DecisionOut, responses=openapi.WRITE)
def create_a_decision(call: Writer, body: DecisionIn) -> Response:
    """Enter a decision that was made, with what it decided."""
    row = commands.create_decision(call.change, body, SUBJECTS)
    return call.answer(_out(call, row), 201, location=Link("decisions", row.code), version=row.seq)


@router.get("/decisions/{code}", response_model=DecisionOut, responses=openapi.ONE)
def get_decision(call: Reader, code: str) -> Response:
    """One decision. Its ETag is what an edit needs."""
    row = decisions.get_decision(call.session, call.actor, call.partnership().id, code)
    return call.answer(_out(call, row), version=row.seq)


@router.patch("/decisions/{code}", response_model=DecisionOut, responses=openapi.EDIT)
def edit_a_decision(call: Writer, code: str, patch: DecisionPatch) -> Response:
    """Put right how a decision was entered. Who made it, and when, stays."""
    row = _get_matched(call, code)
    commands.edit_decision(call.change, row, patch, SUBJECTS)
    return _respond(call, row)


@router.post("/decisions/{code}/ratify", response_model=DecisionOut, responses=openapi.EDIT)
@taking(RATIFY)
def ratify_decision(call: Writer, code: str, body: RatifyIn) -> Response:
    """Record the meeting that ratified a chair's action, or a decision of an inquorate meeting."""
    row = _get_matched(call, code)
    commands.ratify(call.change, row, body.meeting)
    return _respond(call, row)


def _get_matched(call: Write, code: str) -> Decision:
    """The decision, of the version that the request names in If-Match."""
    row = decisions.get_decision(call.session, call.actor, call.partnership().id, code)
    require_if_match(call.request, row.seq)
    return row


def _out(call: Read | Write, row: Decision) -> DecisionOut:
    directory = Directory(call.session, [row.partnership_id])
    (out,) = decisions.decision_outs(call.session, [row], directory, call.actor.access_in)
    return out


def _respond(call: Write, row: Decision) -> Response:
    call.session.flush()
    return call.answer(_out(call, row), version=row.seq)
