"""Payments of grants, and the gates that hold them."""

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
from app.commands.grants import payment as commands
from app.domain.access.authority import Scope
from app.domain.grants import payment_steps as steps
from app.models.grants.grant import Grant
from app.models.grants.payment import (
    GateMetIn,
    Payment,
    PaymentIn,
    PaymentOut,
    PaymentReasonIn,
    RecordPaidIn,
    WaiveIn,
)
from app.models.link import Link
from app.queries.grants import payment as payments
from app.queries.grants.grant import get_grant
from app.queries.grants.visible import payments as visible_payments

router = make_router("funding")
Reader = Annotated[Read, reading(Scope.READ_FUNDING)]
Writer = Annotated[Write, writing(Scope.WRITE_FUNDING)]
Decider = Annotated[Write, writing(Scope.AWARD_FUNDING)]
Payer = Annotated[Write, writing(Scope.PAY_FUNDING)]
PATH = "/grants/{reference}/payments/{number}"


@router.get("/payments", response_model=collection.page_of(PaymentOut), responses=openapi.LIST)
def list_payments(call: Reader, page: Paged, grant: OfGrant = None) -> Response:
    """Payments of the grants that the caller may see, with what each waits for. Readers see sums alone."""
    query = visible_payments(call.actor).where(*collection.rows_after(call, page, Payment))
    if grant is not None:
        query = query.where(col(Payment.grant_id).in_(select(Grant.id).where(Grant.code == grant)))
    rows = call.session.exec(query.order_by(col(Payment.id)).limit(page.limit + 1)).all()
    outs = payments.list_out(call.session, call.actor, rows, call.today)
    return collection.respond_page(call, page, rows, lambda row: outs[row.id])


@router.get(PATH, response_model=PaymentOut, responses=openapi.ONE)
def get_payment(call: Reader, reference: str, number: str) -> Response:
    """One payment with its gates."""
    grant = get_grant(call.session, call.actor, call.partnership().id, reference)
    row = payments.get_payment(call.session, call.actor, grant, number)
    out = payments.list_out(call.session, call.actor, [row], call.today)[row.id]
    return call.answer(out, version=row.seq)


@router.post(
    "/grants/{reference}/payments", response_model=PaymentOut, status_code=201, responses=openapi.WRITE
)
def plan_payment(call: Writer, reference: str, body: PaymentIn) -> Response:
    """Plan a payment, with the gates that hold it. Somebody else authorises it."""
    grant = _grant(call, reference)
    return _answer(call, commands.plan_payment(call.change, grant, body), grant, 201)


@router.post(f"{PATH}/waive", response_model=PaymentOut, responses=openapi.EDIT)
@taking(steps.WAIVE)
def waive_gate(call: Decider, reference: str, number: str, body: WaiveIn) -> Response:
    """Pay without a condition, because of something. Somebody else authorises the payment."""
    grant, row = _both(call, reference, number)
    commands.waive_gate(call.change, grant, row, body.gate, body.reason)
    return _answer(call, row, grant)


@router.post(f"{PATH}/gate-met", response_model=PaymentOut, responses=openapi.EDIT)
def record_gate_met(call: Writer, reference: str, number: str, body: GateMetIn) -> Response:
    """Record that a condition is met, for those that no sum decides."""
    grant, row = _both(call, reference, number)
    commands.record_gate_met(call.change, grant, row, body.gate, body.met_on)
    return _answer(call, row, grant)


@router.post(f"{PATH}/authorise", response_model=PaymentOut, responses=openapi.EDIT)
@taking(steps.AUTHORISE)
def authorise_payment(call: Payer, reference: str, number: str) -> Response:
    """Authorise a payment that somebody else planned."""
    grant, row = _both(call, reference, number)
    commands.authorise(call.change, grant, row)
    return _answer(call, row, grant)


@router.post(f"{PATH}/paid", response_model=PaymentOut, responses=openapi.EDIT)
@taking(steps.RECORD_PAID)
def record_payment_paid(call: Writer, reference: str, number: str, body: RecordPaidIn) -> Response:
    """Record that the payer's ledger paid it."""
    grant, row = _both(call, reference, number)
    commands.record_paid(call.change, grant, row, body.paid_on, body.ledger_reference)
    return _answer(call, row, grant)


@router.post(f"{PATH}/failed", response_model=PaymentOut, responses=openapi.EDIT)
@taking(steps.RECORD_FAILED)
def record_payment_failed(call: Writer, reference: str, number: str, body: PaymentReasonIn) -> Response:
    """Record that an authorised payment did not go through."""
    grant, row = _both(call, reference, number)
    commands.record_failed(call.change, grant, row, body.reason)
    return _answer(call, row, grant)


@router.post(f"{PATH}/cancel", response_model=PaymentOut, responses=openapi.EDIT)
@taking(steps.CANCEL)
def cancel_payment(call: Writer, reference: str, number: str, body: PaymentReasonIn) -> Response:
    """Stop a payment that was not paid."""
    grant, row = _both(call, reference, number)
    commands.cancel(call.change, grant, row, body.reason)
    return _answer(call, row, grant)


def _grant(call: Write, reference: str) -> Grant:
    return get_grant(call.session, call.actor, call.partnership().id, reference)


def _both(call: Write, reference: str, number: str) -> tuple[Grant, Payment]:
    """The grant and its payment, for a step on the version that the caller saw."""
    grant = _grant(call, reference)
    row = payments.get_payment(call.session, call.actor, grant, number)
    require_if_match(call.request, row.seq)
    return grant, row


def _answer(call: Write, row: Payment, grant: Grant, status: int = 200) -> Response:
    out = payments.list_out(call.session, call.actor, [row], call.today)[row.id]
    location = Link(f"grants/{grant.code}/payments", row.number) if status == 201 else None
    return call.answer(out, status, location=location, version=row.seq)
