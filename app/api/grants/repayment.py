"""Repayments: demanded of a recipient, received or waived."""

from typing import Annotated

from sqlmodel import col, select
from starlette.responses import Response

from app.api.grants.filter import OfGrant
from app.api.server import collection, openapi
from app.api.server.access import reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Read, Write
from app.api.server.collection import Paged
from app.api.server.step import taking
from app.commands.grants import repayment as commands
from app.domain.access.authority import Scope
from app.domain.grants import repayment_steps as steps
from app.models.grants.grant import Grant
from app.models.grants.repayment import ReceiptIn, Repayment, RepaymentIn, RepaymentOut, RepaymentWaiverIn
from app.models.link import Link
from app.queries.grants import repayment as repayments
from app.queries.grants.grant import get_grant
from app.queries.grants.visible import repayments as visible_repayments

router = make_router("funding")
Reader = Annotated[Read, reading(Scope.READ_FUNDING)]
Writer = Annotated[Write, writing(Scope.WRITE_FUNDING)]
Decider = Annotated[Write, writing(Scope.AWARD_FUNDING)]
PATH = "/grants/{reference}/repayments/{number}"


@router.get("/repayments", response_model=collection.page_of(RepaymentOut), responses=openapi.LIST)
def list_repayments(call: Reader, page: Paged, grant: OfGrant = None) -> Response:
    """Repayments of the grants that the caller may see. Readers see sums alone."""
    query = visible_repayments(call.actor).where(*collection.rows_after(call, page, Repayment))
    if grant is not None:
        query = query.where(col(Repayment.grant_id).in_(select(Grant.id).where(Grant.code == grant)))
    rows = call.session.exec(query.order_by(col(Repayment.id)).limit(page.limit + 1)).all()
    outs = repayments.list_out(call.session, call.actor, rows)
    return collection.respond_page(call, page, rows, lambda row: outs[row.id])


@router.get(PATH, response_model=RepaymentOut, responses=openapi.ONE)
def get_repayment(call: Reader, reference: str, number: str) -> Response:
    """One repayment, with what is still asked for."""
    grant = get_grant(call.session, call.actor, call.partnership().id, reference)
    row = repayments.get_repayment(call.session, call.actor, grant, number)
    return call.answer(repayments.list_out(call.session, call.actor, [row])[row.id], version=row.seq)


@router.post(
    "/grants/{reference}/repayments", response_model=RepaymentOut, status_code=201, responses=openapi.WRITE
)
def demand_repayment(call: Writer, reference: str, body: RepaymentIn) -> Response:
    """Ask for a part of what was paid, within what was paid of that year."""
    grant = get_grant(call.session, call.actor, call.partnership().id, reference)
    return _answer(call, commands.demand_repayment(call.change, grant, body), grant, 201)


@router.post(f"{PATH}/receive", response_model=RepaymentOut, responses=openapi.EDIT)
@taking(steps.RECEIVE)
def receive_repayment(call: Writer, reference: str, number: str, body: ReceiptIn) -> Response:
    """Record what was given back, all or in part."""
    grant, row = _both(call, reference, number)
    commands.receive(call.change, grant, row, body)
    return _answer(call, row, grant)


@router.post(f"{PATH}/waive", response_model=RepaymentOut, responses=openapi.EDIT)
@taking(steps.WAIVE)
def waive_repayment(call: Decider, reference: str, number: str, body: RepaymentWaiverIn) -> Response:
    """Ask for the rest no longer."""
    grant, row = _both(call, reference, number)
    commands.waive(call.change, grant, row, body.reason)
    return _answer(call, row, grant)


def _both(call: Write, reference: str, number: str) -> tuple[Grant, Repayment]:
    """The grant and its repayment, for a step on the version that the caller saw."""
    grant = get_grant(call.session, call.actor, call.partnership().id, reference)
    row = repayments.get_repayment(call.session, call.actor, grant, number)
    require_if_match(call.request, row.seq)
    return grant, row


def _answer(call: Write, row: Repayment, grant: Grant, status: int = 200) -> Response:
    out = repayments.list_out(call.session, call.actor, [row])[row.id]
    location = Link(f"grants/{grant.code}/repayments", row.number) if status == 201 else None
    return call.answer(out, status, location=location, version=row.seq)
