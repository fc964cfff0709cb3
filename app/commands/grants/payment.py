"""Plans payments, waives and records gates, authorises and records payments."""

from datetime import date
from typing import Any

from sqlmodel import func, select

from app.commands.change import Change
from app.commands.grants.allocation import financial_year
from app.commands.grants.bank_details import MaskedTexts
from app.commands.grants.grant import touch_funding
from app.domain.errors import Conflict, RuleBroken
from app.domain.grants.claim_steps import ClaimState
from app.domain.grants.gate import GateKind
from app.domain.grants.grant import PAYABLE, GrantState
from app.domain.grants.money import pence_of, pounds_words
from app.domain.grants.payment_steps import (
    AUTHORISE,
    CANCEL,
    RECORD_FAILED,
    RECORD_PAID,
    WAIVE,
    PaymentFacts,
    PaymentState,
)
from app.domain.period_text import parse_period
from app.domain.workflow import Step
from app.models.grants.claim import Claim
from app.models.grants.grant import Grant
from app.models.grants.payment import GateIn, Payment, PaymentGate, PaymentIn
from app.queries.grants.grant import grant_book
from app.queries.grants.money import SCHEDULED, sum_of
from app.queries.grants.payment import gates_of, payment_facts
from app.queries.grants.proposer import person_behind

OF_A_PERIOD = (GateKind.RETURN_ACCEPTED, GateKind.REPORT_RECEIVED)
OF_AN_AMOUNT = (GateKind.UNDERSPEND_WITHIN, GateKind.UNSPENT_WITHIN)
RECORDED = (GateKind.APPROVED_BY_GROUP, GateKind.CONDITION_MET, *OF_A_PERIOD)
"""Gates that somebody may record as met."""


def plan_payment(change: Change, grant: Grant, body: PaymentIn) -> Payment:
    """Plans a payment within what is approved of its year and kind, with its gates."""
    year = financial_year(body.financial_year, "financial_year")
    assert year is not None
    row = Payment(
        partnership_id=grant.partnership_id,
        grant_id=grant.id,
        number=next_number(change, grant),
        payer_id=grant.payer_id,
        payee_id=grant.recipient_id,
        financial_year=year,
        spending=body.spending.value,
        pence=pence_of(body.amount, "amount"),
        planned_on=body.planned_on,
        paid_in=(body.paid_in or grant.paid_in),
        purpose=MaskedTexts().mask(body.purpose),
        state=PaymentState.PLANNED.value,
        planned_by_id=person_behind(change.session, change.actor),
    )
    require_schedule(change, grant, row)
    change.add(row)
    change.add_all([_gate(row, n, gate) for n, gate in enumerate(body.gates, start=1)])
    _finish(change, grant, row, "payment planned", amount=row.pence)
    return row


def require_schedule(change: Change, grant: Grant, row: Payment) -> None:
    """Raises where the payment cannot be planned: the grant pays nothing now, or too little is approved."""
    if GrantState(grant.state) not in (*PAYABLE, GrantState.OFFERED):
        raise Conflict(
            "grant_not_payable", f"The grant is {GrantState(grant.state).label}: no payment is planned now."
        )
    if row.pence == 0:
        raise RuleBroken("amount", "no_amount", "A payment is of more than £0.")
    book = grant_book(change.session, grant)
    approved = book.approved_in(row.financial_year, row.spending)
    if not approved:
        text = f"Nothing is approved for {row.financial_year} ({row.spending}). A year only indicated is not paid."
        raise RuleBroken("financial_year", "not_approved", text)
    left = approved - sum_of(book.scheduled_in(row.financial_year, row.spending, *SCHEDULED))
    if row.pence > left:
        raise RuleBroken(
            "amount", "beyond_award", f"{pounds_words(left)} of what is approved is not scheduled."
        )


def waive_gate(change: Change, grant: Grant, row: Payment, number: int, reason: str) -> None:
    """Lets the payment go without a gate, with the reason. Somebody else then authorises it."""
    _require(change, WAIVE, grant, row)
    gate = _gate_numbered(change, row, number)
    gate.waived_because = MaskedTexts().mask(reason)
    gate.waived_on = change.today
    gate.waived_by_id = person_behind(change.session, change.actor)
    change.touch(gate, row)
    _finish(change, grant, row, "gate waived", gate=number, reason=gate.waived_because)


def record_gate_met(change: Change, grant: Grant, row: Payment, number: int, met_on: date) -> None:
    """Records that a condition is met, for gates that no sum decides."""
    gate = _gate_numbered(change, row, number)
    if GateKind(gate.kind) not in RECORDED:
        raise RuleBroken("gate", "worked_out", "This one is worked out from amounts. Waive it, or wait.")
    if met_on > change.today:
        raise RuleBroken("met_on", "in_future", "That day has not come yet.")
    gate.met_on = met_on
    change.touch(gate, row)
    _finish(change, grant, row, "gate met", gate=number, met_on=met_on.isoformat())


def authorise(change: Change, grant: Grant, row: Payment) -> None:
    """Lets the payment be paid: two people, every gate met or waived, and within what is approved."""
    _require(change, AUTHORISE, grant, row)
    row.state = PaymentState.AUTHORISED.value
    _finish(change, grant, row, "payment authorised", amount=row.pence)


def record_paid(change: Change, grant: Grant, row: Payment, paid_on: date, reference: str) -> None:
    """Records that the payer's ledger paid it; a claim that it settles is paid too."""
    _require(change, RECORD_PAID, grant, row)
    if paid_on > change.today:
        raise RuleBroken("paid_on", "in_future", "That day has not come yet.")
    if paid_on < grant.starts and row.paid_in != "advance":
        raise RuleBroken("paid_on", "before_award", "The grant had not begun on that day.")
    row.state = PaymentState.PAID.value
    row.paid_on = paid_on
    row.ledger_reference = MaskedTexts().mask(reference)
    if row.claim_id is not None:
        change.session.get_one(Claim, row.claim_id).state = ClaimState.PAID.value
    _finish(change, grant, row, "payment paid", amount=row.pence, paid_on=paid_on.isoformat())


def record_failed(change: Change, grant: Grant, row: Payment, reason: str) -> None:
    _stop(change, grant, row, RECORD_FAILED, reason)


def cancel(change: Change, grant: Grant, row: Payment, reason: str) -> None:
    _stop(change, grant, row, CANCEL, reason)


def next_number(change: Change, grant: Grant) -> int:
    rows = select(func.count()).select_from(Payment).where(Payment.grant_id == grant.id)
    return change.session.exec(rows).one() + 1


def _stop(change: Change, grant: Grant, row: Payment, step: Step[PaymentFacts], reason: str) -> None:
    """Ends a payment that was not paid. Its amount is free to be scheduled again."""
    _require(change, step, grant, row)
    row.state = (PaymentState.FAILED if step is RECORD_FAILED else PaymentState.CANCELLED).value
    row.state_reason = MaskedTexts().mask(reason)
    _finish(change, grant, row, f"payment {row.state}", reason=row.state_reason)


def _require(change: Change, step: Step[PaymentFacts], grant: Grant, row: Payment) -> None:
    gates = gates_of(change.session, [row.id])[row.id]
    facts = payment_facts(change.session, change.actor, row, grant_book(change.session, grant), gates)
    step.require(facts, change.access)


def _finish(change: Change, grant: Grant, row: Payment, verb: str, **facts: Any) -> None:
    """Bumps what shows the payment, and records the step."""
    change.session.flush()
    change.touch(grant)
    touch_funding(change, grant)
    change.record(verb, "payment", f"{grant.code} {row.number}", **facts)


def _gate_numbered(change: Change, row: Payment, number: int) -> PaymentGate:
    query = select(PaymentGate).where(PaymentGate.payment_id == row.id, PaymentGate.position == number)
    gate = change.session.exec(query).first()
    if gate is None:
        raise RuleBroken("gate", "unknown_gate", f"The payment has no gate {number}.")
    return gate


def _gate(row: Payment, number: int, body: GateIn) -> PaymentGate:
    """A gate as a row. RuleBroken where its kind needs a period or an amount that is not there."""
    field = f"gates.{number - 1}"
    subject = MaskedTexts().mask(body.subject)
    if body.kind in OF_A_PERIOD:
        subject = _period(subject, f"{field}.subject")
    elif body.kind not in OF_AN_AMOUNT and not subject:
        raise RuleBroken(f"{field}.subject", "required", "Say what is needed.")
    if (body.kind in OF_AN_AMOUNT) != (body.limit is not None):
        raise RuleBroken(f"{field}.limit", "limit", "A gate on an amount has a limit, and no other gate has.")
    limit = pence_of(body.limit, f"{field}.limit") if body.limit is not None else None
    return PaymentGate(
        payment_id=row.id, position=number, kind=body.kind.value, subject=subject, limit_pence=limit
    )


def _period(text: str, field: str) -> str:
    """Canonical text of a period; RuleBroken on `field`."""
    try:
        return str(parse_period(text))
    except RuleBroken as error:
        raise RuleBroken(field, error.code, error.message) from error
