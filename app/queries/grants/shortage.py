"""Whether there is enough left for a grant to be awarded."""

from collections import defaultdict
from collections.abc import Sequence

from sqlmodel import Session

from app.domain.grants.available import not_enough
from app.domain.grants.money import Spending, pounds_words
from app.domain.grants.terms import FundingShare, terms_from
from app.domain.workflow import Refusal
from app.models.grants.allocation import Allocation
from app.models.grants.delegation import Delegation
from app.models.grants.grant import Grant
from app.queries.grants.money import GrantBook, allocation_money, awarded_books, delegated_money


def shortage(session: Session, grant: Grant, shares: Sequence[FundingShare]) -> Refusal | None:
    """Why a proposed grant cannot be awarded now; None where every allocation and the delegation has enough left."""
    if grant.takes_up_id is not None:
        return beyond_allocation(session, grant, terms_from(grant.terms).total)
    if not shares:
        return (
            "nothing_certain",
            "No confirmed allocation pays a year of this grant: nothing can be awarded yet.",
        )
    return shortage_of(session, grant, shares)


def shortage_of(session: Session, grant: Grant, shares: Sequence[FundingShare]) -> Refusal | None:
    """Why some amounts cannot be committed to a grant now."""
    books = awarded_books(session, grant.partnership_id)
    if grant.delegation_id is not None:
        delegation = session.get_one(Delegation, grant.delegation_id)
        left = delegated_money(delegation, books).left
        return not_enough(
            left, sum(share.pence for share in shares), f"what {delegation.group_code} may award"
        )
    return next(filter(None, (_not_left(session, books, *need) for need in _needs(shares).items())), None)


Key = tuple[int | None, str, Spending]


def _needs(shares: Sequence[FundingShare]) -> dict[Key, int]:
    needs: dict[Key, int] = defaultdict(int)
    for share in shares:
        needs[share.allocation_id, share.year, share.spending] += share.pence
    return needs


def _not_left(session: Session, books: Sequence[GrantBook], key: Key, pence: int) -> Refusal | None:
    allocation_id, year, spending = key
    allocation = session.get_one(Allocation, allocation_id)
    if allocation.financial_year != year:
        words = f"{allocation.code} does not say how much is for {year}, so that nothing of it can be awarded yet."
        return "year_not_said", words
    left = allocation_money(session, allocation, spending, books).available
    name = f"{allocation.code} ({spending.value})"
    return not_enough(left, pence, name)


def beyond_allocation(session: Session, grant: Grant, total: int) -> Refusal | None:
    """A grant to the accountable body is no more than the allocation that it takes up."""
    allocation = session.get_one(Allocation, grant.takes_up_id)
    if allocation.amount is not None and total <= allocation.amount:
        return None
    amount = pounds_words(allocation.amount) if allocation.amount is not None else "not known"
    return "beyond_allocation", f"The allocation is {amount}, and this is {pounds_words(total)}."
