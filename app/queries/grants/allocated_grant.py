"""Grants that an allocation pays, with their money of it and their next payments."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.domain.grants.grant import GrantState
from app.domain.grants.grant_sums import add_up
from app.models.grants.allocation import AllocatedGrantOut, Allocation
from app.models.grants.delegation import Delegation
from app.queries.grants.agencies import agencies_by_id
from app.queries.grants.fund import pounds_or_none, pounds_out
from app.queries.grants.money import GrantBook
from app.queries.grants.next_payment import next_payments_out


def allocated_grants_out(
    session: Session, allocation: Allocation, books: Sequence[GrantBook]
) -> list[AllocatedGrantOut]:
    """The grants that an allocation pays, in the order of their references."""
    paid = sorted((book for book in books if _is_paid_by(book, allocation)), key=lambda book: book.grant.code)
    recipients = agencies_by_id(session, {book.grant.recipient_id for book in paid})
    ids = {book.grant.delegation_id for book in paid}
    query = select(Delegation.id, Delegation.code).where(col(Delegation.id).in_(ids))
    delegations: dict[int | None, str] = dict(session.exec(query).all())
    next_payments = next_payments_out(session, paid)
    outs: list[AllocatedGrantOut] = []
    for book in paid:
        grant = book.grant
        shares = [share for share in {**book.awarded, **book.approved} if share[0] == allocation.id]
        totals = add_up(book.money(share) for share in shares)
        outs.append(
            AllocatedGrantOut(
                reference=grant.code,
                purpose=grant.purpose,
                recipient=recipients[grant.recipient_id],
                delegation=delegations.get(grant.delegation_id),
                state=GrantState(grant.state).value,
                state_label=GrantState(grant.state).label,
                awarded=pounds_out(totals.awarded),
                approved=pounds_out(totals.approved),
                not_scheduled=pounds_out(totals.not_scheduled),
                paid=pounds_out(totals.net_paid),
                spent=pounds_or_none(None if totals.without_spending else totals.spent),
                forecast=pounds_or_none(None if totals.without_forecast else totals.outturn),
                next_payment=next_payments[grant.id],
            )
        )
    return outs


def _is_paid_by(book: GrantBook, allocation: Allocation) -> bool:
    return any(share[0] == allocation.id for share in (*book.awarded, *book.approved))
