"""Asks for money back, records what is received, and waives what is not."""

from typing import Any

from sqlmodel import func, select

from app.commands.change import Change
from app.commands.grants.allocation import financial_year
from app.commands.grants.bank_details import MaskedTexts
from app.commands.grants.grant import touch_funding
from app.domain.errors import RuleBroken
from app.domain.grants.money import pence_of, pounds_words
from app.domain.grants.payment_steps import PaymentState
from app.domain.grants.repayment_steps import RECEIVE, WAIVE, RepaymentState, require_receipt
from app.models.grants.grant import Grant
from app.models.grants.repayment import ReceiptIn, Repayment, RepaymentIn
from app.queries.grants.grant import grant_book
from app.queries.grants.money import sum_of
from app.queries.grants.proposer import person_behind
from app.queries.grants.repayment import repayment_facts


def demand_repayment(change: Change, grant: Grant, body: RepaymentIn) -> Repayment:
    """Asks for a part of what was paid of a year and kind, and not asked for already."""
    year = financial_year(body.financial_year, "financial_year")
    assert year is not None
    pence = pence_of(body.amount, "amount")
    if pence == 0:
        raise RuleBroken("amount", "no_amount", "A repayment is of more than £0.")
    book = grant_book(change.session, grant)
    earlier = [
        each for each in book.repayments if (each.financial_year, each.spending) == (year, body.spending)
    ]
    paid = sum_of(book.scheduled_in(year, body.spending, PaymentState.PAID))
    left = paid - sum(
        max(each.demanded, each.received) for each in earlier if each.state != RepaymentState.WAIVED
    )
    if pence > left:
        text = f"{pounds_words(max(0, left))} of what was paid of {year} is not asked for already."
        raise RuleBroken("amount", "beyond_paid", text)
    numbers = select(func.count()).select_from(Repayment).where(Repayment.grant_id == grant.id)
    row = Repayment(
        partnership_id=grant.partnership_id,
        grant_id=grant.id,
        number=change.session.exec(numbers).one() + 1,
        financial_year=year,
        spending=body.spending.value,
        why=body.why.value,
        demanded=pence,
        demanded_on=change.today,
        state=RepaymentState.DEMANDED.value,
        note=MaskedTexts().mask(body.note),
        demanded_by_id=person_behind(change.session, change.actor),
    )
    change.add(row)
    _finish(change, grant, row, "repayment demanded", amount=pence)
    return row


def receive(change: Change, grant: Grant, row: Repayment, body: ReceiptIn) -> None:
    """Records what was given back, all or in part."""
    RECEIVE.require(repayment_facts(change.session, change.actor, row), change.access)
    if body.received_on > change.today:
        raise RuleBroken("received_on", "in_future", "That day has not come yet.")
    pence = pence_of(body.amount, "amount")
    row.state = require_receipt(pence, row.demanded, row.received).value
    row.received += pence
    row.received_on = body.received_on
    reference = MaskedTexts().mask(body.ledger_reference)
    _finish(change, grant, row, "repayment received", amount=pence, ledger_reference=reference)


def waive(change: Change, grant: Grant, row: Repayment, reason: str) -> None:
    """Asks for the rest no longer. Whoever demanded it does not waive it."""
    WAIVE.require(repayment_facts(change.session, change.actor, row), change.access)
    row.state = RepaymentState.WAIVED.value
    row.waived_because = MaskedTexts().mask(reason)
    _finish(change, grant, row, "repayment waived", reason=row.waived_because)


def _finish(change: Change, grant: Grant, row: Repayment, verb: str, **facts: Any) -> None:
    """Bumps what shows the repayment, and records the step."""
    change.session.flush()
    change.touch(grant)
    touch_funding(change, grant)
    change.record(verb, "repayment", f"{grant.code} {row.number}", **facts)
