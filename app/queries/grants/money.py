"""Gathers the money of a partnership's grants, for the sums of its allocations and of each grant."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, or_, select

from app.domain.grants.available import AllocationStatus
from app.domain.grants.fund_sums import AllocationMoney, DelegatedMoney
from app.domain.grants.grant import GrantState
from app.domain.grants.grant_sums import GrantMoney
from app.domain.grants.money import Spending, split_pence
from app.domain.grants.payment_steps import PaidIn, PaymentState
from app.domain.grants.terms import terms_from, year_sums
from app.domain.period import year_text
from app.domain.period_text import parse_period
from app.models.grants.allocation import Allocation
from app.models.grants.claim import Claim
from app.models.grants.delegation import Delegation
from app.models.grants.grant import Grant
from app.models.grants.grant_version import GrantFunding, GrantVersion
from app.models.grants.payment import Payment
from app.models.grants.repayment import Repayment

Share = tuple[int | None, str, str]
"""Allocation, financial year and kind."""


@dataclass
class GrantBook:
    """A grant and its rows of money."""

    grant: Grant
    approved: dict[Share, int] = field(default_factory=lambda: defaultdict(int))
    awarded: dict[Share, int] = field(default_factory=lambda: defaultdict(int))
    payments: list[Payment] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    repayments: list[Repayment] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        return GrantState(self.grant.state).counts

    @property
    def is_in_arrears(self) -> bool:
        return self.grant.paid_in == PaidIn.ARREARS

    def approved_in(self, year: str, spending: str) -> int:
        """Approved of a year and kind, whoever pays it."""
        return sum(pence for share, pence in self.approved.items() if share[1:] == (year, spending))

    def scheduled_in(self, year: str, spending: str, *states: PaymentState) -> list[Payment]:
        """Payments of a year and kind in some of the states."""
        return [
            each
            for each in self.payments
            if (each.financial_year, each.spending) == (year, spending) and each.state in states
        ]

    def money(self, share: Share) -> GrantMoney:
        """Its money of an allocation, year and kind: payments and claims are split as the funding is."""
        _, year, spending = share
        spent = self._spent(year, spending)
        return GrantMoney(
            code=self.grant.code,
            approved=self.approved[share] if self.counts else 0,
            awarded=self.awarded[share] if self.counts else 0,
            scheduled=self._part(share, sum_of(self.scheduled_in(year, spending, *SCHEDULED))),
            paid=self._part(share, sum_of(self.scheduled_in(year, spending, PaymentState.PAID))),
            repaid=self._part(share, self._repaid(year, spending)),
            spent=None if spent is None else self._part(share, spent),
            spent_accepted=None if spent is None else self._part(share, spent),
            is_in_arrears=self.is_in_arrears,
        )

    def _spent(self, year: str, spending: str) -> int | None:
        """Approved claims of a grant paid in arrears. Others report what they spent, which is not recorded yet."""
        if not self.is_in_arrears:
            return None
        mine = [each for each in self.claims if (claim_year(each), each.spending) == (year, spending)]
        return sum(each.approved or 0 for each in mine)

    def _repaid(self, year: str, spending: str) -> int:
        mine = [each for each in self.repayments if (each.financial_year, each.spending) == (year, spending)]
        return sum(each.received for each in mine)

    def _part(self, share: Share, pence: int) -> int:
        """The part of an amount that falls to one allocation, in proportion to what each pays of the year."""
        weights = {each: weight for each, weight in self.approved.items() if each[1:] == share[1:] and weight}
        if not weights:
            return pence if share in self.awarded else 0
        parts = dict(zip(weights, split_pence(pence, list(weights.values())), strict=True))
        return parts.get(share, 0)


SCHEDULED = tuple(state for state in PaymentState if state.is_scheduled)


def sum_of(payments: Iterable[Payment]) -> int:
    return sum(each.pence for each in payments)


def claim_year(claim: Claim) -> str:
    return year_text(parse_period(claim.period).financial_year())


def grant_books(session: Session, grants: Sequence[Grant]) -> dict[int, GrantBook]:
    """The rows of money of some grants, by id."""
    books = {grant.id: GrantBook(grant) for grant in grants}
    funding = (
        select(GrantVersion, GrantFunding)
        .join(GrantFunding, col(GrantFunding.version_id) == col(GrantVersion.id))
        .join(Grant, col(Grant.id) == col(GrantVersion.grant_id))
        .where(
            col(GrantVersion.grant_id).in_(books),
            or_(col(GrantVersion.number) == 1, col(GrantVersion.number) == col(Grant.version_number)),
        )
    )
    for version, row in session.exec(funding):
        book = books[version.grant_id]
        share = (row.allocation_id, row.financial_year, row.spending)
        if version.number == 1:
            book.awarded[share] += row.pence
        if version.number == book.grant.version_number:
            book.approved[share] += row.pence
    for book in books.values():
        if book.grant.takes_up_id is not None and book.grant.version_number:
            _add_terms(book)
    for payment in session.exec(select(Payment).where(col(Payment.grant_id).in_(books))):
        books[payment.grant_id].payments.append(payment)
    for claim in session.exec(select(Claim).where(col(Claim.grant_id).in_(books))):
        books[claim.grant_id].claims.append(claim)
    for repayment in session.exec(select(Repayment).where(col(Repayment.grant_id).in_(books))):
        books[repayment.grant_id].repayments.append(repayment)
    return books


def _add_terms(book: GrantBook) -> None:
    """A grant to an accountable body takes up an allocation and uses none of it: its terms say what is approved."""
    for (year, spending), pence in year_sums(terms_from(book.grant.terms)).items():
        book.approved[None, year, spending.value] += pence
        book.awarded[None, year, spending.value] += pence


def awarded_books(session: Session, partnership_id: int) -> list[GrantBook]:
    """Books of all grants of a partnership that were ever awarded."""
    query = select(Grant).where(Grant.partnership_id == partnership_id, col(Grant.version_number) > 0)
    grants = session.exec(query.order_by(col(Grant.code))).all()
    return list(grant_books(session, grants).values())


def allocation_money(
    session: Session, allocation: Allocation, spending: Spending, books: Sequence[GrantBook]
) -> AllocationMoney:
    """An allocation of a known year and kind, with the grants and delegations that it pays."""
    assert allocation.financial_year is not None
    share = (allocation.id, allocation.financial_year, spending.value)
    delegations = session.exec(
        select(Delegation)
        .where(Delegation.allocation_id == allocation.id, Delegation.spending == spending.value)
        .order_by(col(Delegation.position))
    ).all()
    return AllocationMoney(
        allocated=allocated(allocation, spending),
        grants=_moneys(books, share, None),
        delegations=tuple(
            DelegatedMoney(each.group_code, each.amount, _moneys(books, share, each.id))
            for each in delegations
        ),
    )


def delegated_money(delegation: Delegation, books: Sequence[GrantBook]) -> DelegatedMoney:
    """A delegation with the grants that its group awarded from it, of any year."""
    mine = [book for book in books if book.grant.delegation_id == delegation.id]
    moneys = tuple(
        book.money(share) for book in mine for share in book.awarded if share[2] == delegation.spending
    )
    return DelegatedMoney(delegation.group_code, delegation.amount, moneys)


def allocated(allocation: Allocation, spending: Spending) -> int:
    """What may be awarded of a kind; 0 while it is not confirmed."""
    if not AllocationStatus(allocation.status).counts:
        return 0
    return (allocation.capital if spending is Spending.CAPITAL else allocation.revenue) or 0


def spendings(allocation: Allocation) -> list[Spending]:
    """Kinds of money that an allocation names, of a known year."""
    if allocation.financial_year is None:
        return []
    return [
        spending
        for spending, pence in (
            (Spending.CAPITAL, allocation.capital),
            (Spending.REVENUE, allocation.revenue),
        )
        if pence
    ]


def _moneys(books: Sequence[GrantBook], share: Share, delegation_id: int | None) -> tuple[GrantMoney, ...]:
    return tuple(
        book.money(share)
        for book in books
        if book.grant.delegation_id == delegation_id and (share in book.awarded or share in book.approved)
    )
