"""Allocations with their sums, as callers read them."""

from collections.abc import Sequence
from typing import Any, cast

from sqlmodel import Session, col, select

from app.domain.access.authority import Actor
from app.domain.errors import NotFound
from app.domain.grants.available import AllocationStatus, over_committed
from app.domain.grants.fund_sums import FundSums, fund_sums
from app.domain.grants.money import Spending
from app.models.grants.allocation import (
    Allocation,
    AllocationOut,
    AllocationWithSumsOut,
    SumsOut,
    UnderGrantOut,
)
from app.models.grants.delegation import Delegation, DelegationOut
from app.models.grants.fund import Fund
from app.models.plan.partnership import NamedOut
from app.queries.grants.agencies import agencies_by_id
from app.queries.grants.allocated_grant import allocated_grants_out
from app.queries.grants.fund import fund_rules, pounds_or_none, pounds_out
from app.queries.grants.money import (
    GrantBook,
    allocation_money,
    awarded_books,
    delegated_money,
    spendings,
)
from app.queries.grants.visible import allocations


def get_allocation(session: Session, actor: Actor, partnership_id: int, code: str) -> Allocation:
    """The partnership's allocation of that code; NotFound where the actor sees none."""
    query = allocations(actor).where(Allocation.partnership_id == partnership_id, Allocation.code == code)
    row = session.exec(query).first()
    if row is None:
        raise NotFound(f"The allocation “{code[:80]}”")
    return row


def list_out(session: Session, rows: Sequence[Allocation]) -> dict[int, AllocationOut]:
    """The allocations by id."""
    bodies = agencies_by_id(session, {row.accountable_body_id for row in rows})
    query = select(Fund).where(col(Fund.id).in_({row.fund_id for row in rows}))
    funds = {fund.id: NamedOut(code=fund.code, name=fund.title) for fund in session.exec(query)}
    return {row.id: _out(row, funds[row.fund_id], bodies[row.accountable_body_id]) for row in rows}


def with_sums_out(session: Session, row: Allocation) -> AllocationWithSumsOut:
    """One allocation with the seven numbers of each kind of its money."""
    out = list_out(session, [row])[row.id]
    books = awarded_books(session, row.partnership_id)
    limit = fund_rules(session.get_one(Fund, row.fund_id)).underspend_limit
    sums = [
        sums_out(spending, fund_sums(allocation_money(session, row, spending, books), limit))
        for spending in spendings(row)
    ]
    return AllocationWithSumsOut(
        **out,
        sums=sums,
        delegations=delegations_out(session, row, books),
        grants=allocated_grants_out(session, row, books),
    )


def delegations_out(session: Session, row: Allocation, books: Sequence[GrantBook]) -> list[DelegationOut]:
    """What groups may award of an allocation, and what they have left."""
    query = select(Delegation).where(Delegation.allocation_id == row.id).order_by(col(Delegation.position))
    return [delegation_out(each, row.code, books) for each in session.exec(query)]


def delegation_out(row: Delegation, allocation: str | None, books: Sequence[GrantBook]) -> DelegationOut:
    money = delegated_money(row, books)
    return DelegationOut(
        id=str(row.id),
        code=row.code,
        allocation=allocation,
        group=row.group_code,
        spending=cast(Any, row.spending),
        amount=pounds_out(row.amount),
        awarded=pounds_out(row.amount - money.left),
        left=pounds_out(money.left),
        decision=row.decision,
        version=row.seq,
    )


def sums_out(spending: Spending, sums: FundSums) -> SumsOut:
    return SumsOut(
        spending=spending.value,
        allocated=pounds_out(sums.allocated),
        committed=pounds_out(sums.committed),
        not_scheduled=pounds_out(sums.not_scheduled),
        paid=pounds_out(sums.paid),
        spent=pounds_out(sums.spent),
        forecast=pounds_out(sums.outturn),
        underspend=pounds_out(sums.underspend),
        limit=pounds_or_none(sums.limit),
        over_limit=pounds_or_none(sums.over_limit),
        with_groups=pounds_out(sums.with_groups),
        not_committed=pounds_out(sums.not_committed),
        never_awarded=pounds_out(sums.from_the_start),
        released=pounds_out(sums.released),
        over_committed=pounds_out(over_committed(sums.not_committed)),
        by_grant=[
            UnderGrantOut(grant=each.code, underspend=pounds_out(each.pence)) for each in sums.by_grant
        ],
        without_forecast=list(sums.without_forecast),
        without_spending=list(sums.without_spending),
    )


def _out(row: Allocation, fund: NamedOut, body: NamedOut) -> AllocationOut:
    status = AllocationStatus(row.status)
    year = row.financial_year
    return AllocationOut(
        id=str(row.id),
        code=row.code,
        fund=fund,
        accountable_body=body,
        financial_year=year,
        year_label=year.replace("-", "/") if year is not None else "years not said",
        amount=pounds_or_none(row.amount),
        capital=pounds_or_none(row.capital),
        revenue=pounds_or_none(row.revenue),
        status=status.value,
        status_label=status.label,
        told_by=row.told_by.isoformat() if row.told_by is not None else None,
        not_said=row.not_said,
        source=row.source,
        note=row.note,
        version=row.seq,
    )
