"""Grants: proposed, awarded, read with their numbers, and taken through their states."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query
from sqlmodel import col
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Read, Write
from app.api.server.collection import Paged
from app.api.server.step import taking
from app.commands.grants import grant as commands
from app.domain.access.authority import Scope
from app.domain.grants import grant_steps as steps
from app.domain.grants.grant_steps import GrantFacts
from app.domain.workflow import Step
from app.models.grants.grant import Grant
from app.models.grants.grant_wire import GrantIn, GrantNoteIn, GrantOut, GrantReasonIn, GrantWithStepsOut
from app.models.link import Link
from app.queries.grants import grant as grants
from app.queries.grants.visible import grants as visible_grants

router = make_router("funding")
Reader = Annotated[Read, reading(Scope.READ_FUNDING)]
Writer = Annotated[Write, writing(Scope.WRITE_FUNDING)]
Decider = Annotated[Write, writing(Scope.AWARD_FUNDING)]
Group = Annotated[str | None, Query(description="Those that this group manages.")]
Recipient = Annotated[Write, writing(Scope.WRITE_CLAIMS)]


@router.get("/grants", response_model=collection.page_of(GrantOut), responses=openapi.LIST)
def list_grants(call: Reader, page: Paged, group: Group = None) -> Response:
    """Grants that the caller may see: a recipient its own, a funder its own money's."""
    query = visible_grants(call.actor).where(*collection.rows_after(call, page, Grant))
    if group is not None:
        query = query.where(Grant.managed_by == group)
    rows = call.session.exec(query.order_by(col(Grant.id)).limit(page.limit + 1)).all()
    outs = grants.list_out(call.session, rows)
    return collection.respond_page(call, page, rows, lambda row: outs[row.id])


@router.get("/grants/{reference}", response_model=GrantWithStepsOut, responses=openapi.ONE)
def get_grant(call: Reader, reference: str) -> Response:
    """One grant: its numbers, its next payment with what that waits for, and the steps open to the caller."""
    row = grants.get_grant(call.session, call.actor, call.partnership().id, reference)
    out = grants.with_steps_out(call.session, call.actor, row, call.today)
    return call.answer(out, version=row.seq)


@router.post("/grants", response_model=GrantWithStepsOut, status_code=201, responses=openapi.WRITE)
def propose_grant(call: Writer, body: GrantIn) -> Response:
    """Propose a grant, for somebody else to award. It counts in no sum before that."""
    row, warnings = commands.propose_grant(call.change, body)
    return _answer(call, row, warnings, 201)


@router.put("/grants/{reference}", response_model=GrantWithStepsOut, responses=openapi.EDIT)
@taking(steps.EDIT)
def edit_grant(call: Writer, reference: str, body: GrantIn) -> Response:
    """Replace a proposal. Whoever does becomes its proposer."""
    row = _get(call, reference)
    require_if_match(call.request, row.seq)
    return _answer(call, row, commands.edit_grant(call.change, row, body))


@router.post("/grants/{reference}/award", response_model=GrantWithStepsOut, responses=openapi.EDIT)
@taking(steps.AWARD)
def award_grant(call: Decider, reference: str, body: GrantNoteIn) -> Response:
    """Award a grant as it was proposed: it is offered to its recipient."""
    return _take(call, reference, steps.AWARD, body.note)


@router.post("/grants/{reference}/withdraw", response_model=GrantWithStepsOut, responses=openapi.EDIT)
@taking(steps.WITHDRAW)
def withdraw_grant(call: Writer, reference: str, body: GrantReasonIn) -> Response:
    """Take back a proposal."""
    return _take(call, reference, steps.WITHDRAW, body.reason)


@router.post("/grants/{reference}/accept", response_model=GrantWithStepsOut, responses=openapi.EDIT)
@taking(steps.ACCEPT)
def accept_grant(call: Recipient, reference: str, body: GrantNoteIn) -> Response:
    """Accept an offer. Staff who enter it for the recipient say how they were told."""
    return _take(call, reference, steps.ACCEPT, body.note)


@router.post("/grants/{reference}/decline", response_model=GrantWithStepsOut, responses=openapi.EDIT)
@taking(steps.DECLINE)
def decline_grant(call: Recipient, reference: str, body: GrantReasonIn) -> Response:
    """Decline an offer. Its money can be awarded again."""
    return _take(call, reference, steps.DECLINE, body.reason)


@router.post("/grants/{reference}/lapse", response_model=GrantWithStepsOut, responses=openapi.EDIT)
@taking(steps.LAPSE)
def lapse_grant(call: Writer, reference: str, body: GrantNoteIn) -> Response:
    """Record that an offer was not accepted in time. Only then its money can be awarded again."""
    return _take(call, reference, steps.LAPSE, body.note)


@router.post("/grants/{reference}/start", response_model=GrantWithStepsOut, responses=openapi.EDIT)
@taking(steps.START)
def start_grant(call: Writer, reference: str, body: GrantNoteIn) -> Response:
    """Record that an accepted grant runs."""
    return _take(call, reference, steps.START, body.note)


@router.post("/grants/{reference}/suspend", response_model=GrantWithStepsOut, responses=openapi.EDIT)
@taking(steps.SUSPEND)
def suspend_grant(call: Decider, reference: str, body: GrantReasonIn) -> Response:
    """Pause a grant: nothing of it is paid until it is resumed."""
    return _take(call, reference, steps.SUSPEND, body.reason)


@router.post("/grants/{reference}/resume", response_model=GrantWithStepsOut, responses=openapi.EDIT)
@taking(steps.RESUME)
def resume_grant(call: Decider, reference: str, body: GrantNoteIn) -> Response:
    """Let a paused grant run again."""
    return _take(call, reference, steps.RESUME, body.note)


@router.post("/grants/{reference}/terminate", response_model=GrantWithStepsOut, responses=openapi.EDIT)
@taking(steps.TERMINATE)
def terminate_grant(call: Decider, reference: str, body: GrantReasonIn) -> Response:
    """End a grant early, with the reason."""
    return _take(call, reference, steps.TERMINATE, body.reason)


@router.post("/grants/{reference}/begin-close", response_model=GrantWithStepsOut, responses=openapi.EDIT)
@taking(steps.BEGIN_CLOSE)
def begin_closing_grant(call: Writer, reference: str, body: GrantNoteIn) -> Response:
    """Begin to close a grant that has ended."""
    return _take(call, reference, steps.BEGIN_CLOSE, body.note)


@router.post("/grants/{reference}/close", response_model=GrantWithStepsOut, responses=openapi.EDIT)
@taking(steps.CLOSE)
def close_grant(call: Decider, reference: str, body: GrantNoteIn) -> Response:
    """Close a grant whose payments and claims are settled."""
    return _take(call, reference, steps.CLOSE, body.note)


def _take(call: Write, reference: str, step: Step[GrantFacts], reason: str) -> Response:
    row = _get(call, reference)
    require_if_match(call.request, row.seq)
    return _answer(call, row, commands.take_step(call.change, row, step, reason))


def _get(call: Write, reference: str) -> Grant:
    return grants.get_grant(call.session, call.actor, call.partnership().id, reference)


def _answer(call: Write, row: Grant, warnings: Sequence[str], status: int = 200) -> Response:
    out = grants.with_steps_out(call.session, call.actor, row, call.today, warnings)
    location = Link("grants", row.code) if status == 201 else None
    return call.answer(out, status, location=location, version=row.seq)
