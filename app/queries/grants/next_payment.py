"""The next payment of each grant, with what it waits for."""

from collections.abc import Sequence

from sqlmodel import Session

from app.domain.grants.payment_steps import PaymentState
from app.models.grants.grant_wire import NextPaymentOut
from app.models.grants.payment import Payment, PaymentGate
from app.queries.grants.fund import pounds_out
from app.queries.grants.money import GrantBook
from app.queries.grants.payment import gate_statuses, gates_of, gates_out


def next_payments_out(session: Session, books: Sequence[GrantBook]) -> dict[int, NextPaymentOut | None]:
    """By grant, the first payment that is neither paid nor stopped; None where there is none."""
    payments = {book.grant.id: _next_payment(book) for book in books}
    gates = gates_of(session, [payment.id for payment in payments.values() if payment is not None])
    outs: dict[int, NextPaymentOut | None] = {}
    for book in books:
        payment = payments[book.grant.id]
        outs[book.grant.id] = _out(payment, gates[payment.id], book) if payment is not None else None
    return outs


def _next_payment(book: GrantBook) -> Payment | None:
    open_ = [each for each in book.payments if each.state in (PaymentState.PLANNED, PaymentState.AUTHORISED)]
    return min(open_, key=lambda each: (each.planned_on, each.number), default=None)


def _out(payment: Payment, gates: Sequence[PaymentGate], book: GrantBook) -> NextPaymentOut:
    statuses = gate_statuses(gates, book)
    waits = [status.words for status in statuses if status.holds]
    return NextPaymentOut(
        number=payment.number,
        amount=pounds_out(payment.pence),
        planned_on=payment.planned_on.isoformat(),
        words=f"waiting: {' '.join(waits)}" if waits else PaymentState(payment.state).label,
        gates=gates_out(gates, statuses),
    )
