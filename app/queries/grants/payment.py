"""Payments and their gates, as callers read them, with the steps open to them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

from sqlmodel import Session, col, select

from app.domain.access.authority import Actor
from app.domain.day import day_words
from app.domain.errors import NotFound
from app.domain.grants.gate import Gate, GateFacts, GateKind, GateStatus, gate_status
from app.domain.grants.grant import GrantState
from app.domain.grants.payment_steps import STEPS, PaymentFacts, PaymentState
from app.domain.number import row_number
from app.domain.workflow import may
from app.models.grants.grant import Grant
from app.models.grants.payment import GateOut, Payment, PaymentGate, PaymentOut
from app.queries.grants.agencies import agencies_by_id
from app.queries.grants.fund import pounds_or_none, pounds_out
from app.queries.grants.money import GrantBook, grant_books, sum_of
from app.queries.grants.proposer import is_own
from app.queries.grants.visible import payments


def get_payment(session: Session, actor: Actor, grant: Grant, number: str) -> Payment:
    """The grant's payment of that number; NotFound where the actor sees none."""
    what = f"Payment {number[:20]} of {grant.code}"
    query = payments(actor).where(Payment.grant_id == grant.id, Payment.number == row_number(number, what))
    row = session.exec(query).first()
    if row is None:
        raise NotFound(what)
    return row


def gates_of(session: Session, payment_ids: Iterable[int]) -> dict[int, list[PaymentGate]]:
    """Gates in their order, by payment."""
    ids = list(payment_ids)
    gates: dict[int, list[PaymentGate]] = {id_: [] for id_ in ids}
    query = select(PaymentGate).where(col(PaymentGate.payment_id).in_(ids))
    for gate in session.exec(query.order_by(col(PaymentGate.position))):
        gates[gate.payment_id].append(gate)
    return gates


def gate_statuses(gates: Sequence[PaymentGate], book: GrantBook) -> tuple[GateStatus, ...]:
    """The state of each gate, from facts of the payment's own grant."""
    facts = gate_facts(book)
    return tuple(gate_status(_gate(gate), facts) for gate in gates)


def gate_facts(book: GrantBook) -> GateFacts:
    """Facts for gates. What a grant spent is known where it claims what it spent."""
    moneys = [book.money(share) for share in book.awarded]
    if not book.is_in_arrears:
        return GateFacts()
    return GateFacts(unspent=sum(each.still_with_them or 0 for each in moneys))


def payment_facts(
    session: Session, actor: Actor, row: Payment, book: GrantBook, gates: Sequence[PaymentGate]
) -> PaymentFacts:
    """Facts for the steps of a payment, as the actor would take them."""
    year, spending = row.financial_year, row.spending
    others = book.scheduled_in(year, spending, PaymentState.AUTHORISED, PaymentState.PAID)
    return PaymentFacts(
        state=PaymentState(row.state),
        grant_state=GrantState(book.grant.state),
        pence=row.pence,
        room=book.approved_in(year, spending) - sum_of(each for each in others if each.id != row.id),
        gates=gate_statuses(gates, book),
        is_own=is_own(session, actor, row.planned_by_id),
        has_waived=any(is_own(session, actor, gate.waived_by_id) for gate in gates),
    )


def list_out(session: Session, actor: Actor, rows: Sequence[Payment], today: date) -> dict[int, PaymentOut]:
    """The payments by id."""
    ids = {row.grant_id for row in rows}
    grants = session.exec(select(Grant).where(col(Grant.id).in_(ids))).all()
    books = grant_books(session, grants)
    gates = gates_of(session, [row.id for row in rows])
    agencies = agencies_by_id(session, {id_ for row in rows for id_ in (row.payer_id, row.payee_id)})
    outs: dict[int, PaymentOut] = {}
    for row in rows:
        facts = payment_facts(session, actor, row, books[row.grant_id], gates[row.id])
        outs[row.id] = PaymentOut(
            id=str(row.id),
            grant=books[row.grant_id].grant.code,
            number=row.number,
            payer=agencies[row.payer_id],
            payee=agencies[row.payee_id],
            financial_year=row.financial_year,
            spending=cast(Any, row.spending),
            amount=pounds_out(row.pence),
            planned_on=row.planned_on.isoformat(),
            paid_in=cast(Any, row.paid_in),
            purpose=row.purpose,
            state=facts.state.value,
            words=facts.words,
            paid_on=row.paid_on.isoformat() if row.paid_on is not None else None,
            ledger_reference=row.ledger_reference,
            gates=gates_out(gates[row.id], facts.gates),
            waits_for=_waits_for(facts),
            is_due=facts.state is PaymentState.PLANNED and row.planned_on <= today,
            version=row.seq,
            may=cast(list[Any], may(STEPS, facts, actor.access_in(row.partnership_id))),
        )
    return outs


def gates_out(rows: Sequence[PaymentGate], statuses: Sequence[GateStatus]) -> list[GateOut]:
    return [
        GateOut(
            number=row.position,
            kind=cast(Any, row.kind),
            subject=row.subject,
            limit=pounds_or_none(row.limit_pence),
            state=status.state.value,
            state_label=status.state.label,
            words=status.words,
        )
        for row, status in zip(rows, statuses, strict=True)
    ]


def waiver_words(row: PaymentGate) -> str:
    """A waiver's reason with its day; empty where the gate is not waived."""
    if not row.waived_because or row.waived_on is None:
        return ""
    return f"{row.waived_because} ({day_words(row.waived_on)})"


def _waits_for(facts: PaymentFacts) -> list[str]:
    if facts.state is not PaymentState.PLANNED:
        return []
    return [status.words for status in facts.waits_for]


def _gate(row: PaymentGate) -> Gate:
    return Gate(
        GateKind(row.kind),
        row.subject,
        row.limit_pence,
        waived_because=waiver_words(row),
        is_met=row.met_on is not None,
    )
