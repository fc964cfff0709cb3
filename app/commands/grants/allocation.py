"""Adds allocations, records what the funder changes, and delegates a part to a group."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import select

from app.commands.change import Change
from app.commands.grants.bank_details import MaskedTexts
from app.commands.groups.code import next_position
from app.domain.errors import Conflict, RuleBroken
from app.domain.grants.available import AllocationStatus, not_enough
from app.domain.grants.money import Spending, pence_of
from app.domain.period import year_text
from app.domain.period_text import parse_period
from app.models.grants.allocation import Allocation, AllocationIn, AllocationPatch, DelegationIn
from app.models.grants.delegation import Delegation
from app.queries.grants.agencies import require_agency
from app.queries.grants.fund import get_fund
from app.queries.grants.money import allocation_money, awarded_books
from app.queries.groups.named import require_group


class Amounts(NamedTuple):
    """In pence; None is not said."""

    amount: int | None
    capital: int | None
    revenue: int | None


def add_allocation(change: Change, body: AllocationIn) -> Allocation:
    """Adds what a fund gives the partnership."""
    _require_new(change, Allocation, body.code)
    fund = get_fund(change.session, change.actor, body.fund)
    holder = require_agency(change.session, change.partnership, body.accountable_body, "accountable_body")
    amounts = parse_amounts({"amount": body.amount, "capital": body.capital, "revenue": body.revenue})
    require_status(body.status, amounts)
    texts = MaskedTexts()
    row = Allocation(
        partnership_id=change.partnership.id,
        position=next_position(change, Allocation),
        code=body.code,
        fund_id=fund.id,
        accountable_body_id=holder.id,
        financial_year=financial_year(body.financial_year, "financial_year"),
        status=body.status.value,
        told_by=body.told_by,
        not_said=[texts.mask(each) for each in body.not_said],
        source=texts.mask(body.source),
        note=texts.mask(body.note),
        **amounts._asdict(),
    )
    change.add(row)
    change.record("allocation added", "allocation", row.code, fund=fund.code, **amounts._asdict())
    return row


def revise_allocation(change: Change, row: Allocation, patch: AllocationPatch) -> None:
    """Records what the funder now gives, even where more is committed already: then nothing more can be."""
    named = patch.model_fields_set & {"amount", "capital", "revenue"}
    amounts = Amounts(row.amount, row.capital, row.revenue)
    if named:
        amounts = parse_amounts({name: getattr(patch, name) for name in ("amount", "capital", "revenue")})
    status = patch.status or (
        AllocationStatus.REVISED
        if named and AllocationStatus(row.status).counts
        else AllocationStatus(row.status)
    )
    require_status(status, amounts)
    before = {"status": row.status, "amount": row.amount, "capital": row.capital, "revenue": row.revenue}
    row.status = status.value
    row.amount, row.capital, row.revenue = amounts
    if "told_by" in patch.model_fields_set:
        row.told_by = patch.told_by
    after = {"status": row.status, **amounts._asdict()}
    change.record(
        "allocation changed",
        "allocation",
        row.code,
        before=before,
        after=after,
        reason=MaskedTexts().mask(patch.reason),
    )
    change.session.flush()


def delegate(change: Change, allocation: Allocation, body: DelegationIn) -> Delegation:
    """Lets a group award a part of an allocation. Refused with what is left where that is less."""
    _require_new(change, Delegation, body.code)
    require_group(change.session, change.partnership, body.group)
    pence = pence_of(body.amount, "amount")
    if pence == 0:
        raise RuleBroken("amount", "no_amount", "A group is given more than £0 to award.")
    spending = Spending(body.spending)
    refusal = not_enough(available(change, allocation, spending), pence, allocation.code)
    if refusal is not None:
        raise Conflict(*refusal)
    row = Delegation(
        partnership_id=change.partnership.id,
        position=next_position(change, Delegation),
        code=body.code,
        allocation_id=allocation.id,
        group_code=body.group,
        spending=spending.value,
        amount=pence,
        decision=MaskedTexts().mask(body.decision),
    )
    change.add(row)
    change.touch(allocation)
    change.record("delegated to a group", "delegation", row.code, group=row.group_code, amount=pence)
    return row


def available(change: Change, allocation: Allocation, spending: Spending) -> int:
    """What is left to award of an allocation, under the ledger's lock; 0 where its year is not said."""
    if allocation.financial_year is None:
        return 0
    books = awarded_books(change.session, allocation.partnership_id)
    return allocation_money(change.session, allocation, spending, books).available


def parse_amounts(pounds: Mapping[str, Decimal | None]) -> Amounts:
    """Amounts in pence. RuleBroken where capital and revenue do not sum to the amount."""
    pence = {name: pence_of(each, name) if each is not None else None for name, each in pounds.items()}
    amount, capital, revenue = pence["amount"], pence["capital"], pence["revenue"]
    if capital is None and revenue is None:
        return Amounts(amount, None, None)
    total = (capital or 0) + (revenue or 0)
    if amount is not None and amount != total:
        raise RuleBroken("amount", "does_not_add_up", "Capital and revenue sum to another amount.")
    return Amounts(total, capital or 0, revenue or 0)


def require_status(status: AllocationStatus, amounts: Amounts) -> None:
    """RuleBroken where a confirmed amount is missing, or one not yet known is given."""
    if status.counts and amounts.amount is None:
        raise RuleBroken("amount", "required", "Say how much is confirmed, or that it is not yet known.")
    if status is AllocationStatus.NOT_YET_KNOWN and amounts.amount is not None:
        raise RuleBroken(
            "amount", "not_known", "An amount that is not yet known has none. Say indicated instead."
        )


def financial_year(period: str | None, field: str) -> str | None:
    """Canonical text of a financial year. RuleBroken for another period."""
    if period is None:
        return None
    parsed = parse_period(period)
    if not parsed.is_financial_year:
        raise RuleBroken(field, "not_a_financial_year", "Expected a financial year such as 2017-18.")
    return year_text(parsed)


def _require_new(change: Change, model: type[Allocation] | type[Delegation], code: str) -> None:
    same = select(model.id).where(model.partnership_id == change.partnership.id, model.code == code)
    if change.session.exec(same).first() is not None:
        raise RuleBroken("code", "code_in_use", f"“{code}” is in use already.")
