"""The seven numbers of an allocation's year and kind, and what its underspend is made of."""

from dataclasses import dataclass

from app.domain.grants.available import Use, left_to_award
from app.domain.grants.grant_sums import GrantMoney, add_up


@dataclass(frozen=True, slots=True)
class DelegatedMoney:
    """Money that a group may award, and the grants that it awarded from it."""

    group: str
    amount: int
    grants: tuple[GrantMoney, ...] = ()

    @property
    def left(self) -> int:
        """Held by the group and not awarded yet."""
        return left_to_award(self.amount, 0, map(use_of, self.grants))


@dataclass(frozen=True, slots=True)
class AllocationMoney:
    """One allocation in one financial year and kind, and all that is awarded from it."""

    allocated: int
    """Confirmed, or as revised; 0 while it is only indicated or not yet known."""
    grants: tuple[GrantMoney, ...] = ()
    """Paid from the allocation itself, not from a delegation."""
    delegations: tuple[DelegatedMoney, ...] = ()

    @property
    def delegated(self) -> int:
        return sum(delegation.amount for delegation in self.delegations)

    @property
    def available(self) -> int:
        return left_to_award(self.allocated, self.delegated, map(use_of, self.grants))

    @property
    def every_grant(self) -> tuple[GrantMoney, ...]:
        return (*self.grants, *(grant for delegation in self.delegations for grant in delegation.grants))


@dataclass(frozen=True, slots=True)
class UnderGrant:
    """A grant expected to spend less than was approved; more where `pence` is negative."""

    code: str
    pence: int


@dataclass(frozen=True, slots=True)
class FundSums:
    """The seven numbers in order, and those beside them. All in pence."""

    allocated: int
    committed: int
    not_scheduled: int
    paid: int
    spent: int
    outturn: int
    underspend: int
    limit: int | None
    with_groups: int
    """Delegated and not awarded."""
    not_committed: int
    released: int
    """The part of `not_committed` that grants gave back."""
    spent_accepted: int
    by_grant: tuple[UnderGrant, ...]
    without_forecast: tuple[str, ...]
    without_spending: tuple[str, ...]

    @property
    def over_limit(self) -> int | None:
        """By how much the underspend is over the fund's limit; None where it has none."""
        return None if self.limit is None else max(0, self.underspend - self.limit)

    @property
    def from_the_start(self) -> int:
        """The part of `not_committed` that was never awarded."""
        return self.not_committed - self.released

    @property
    def under_by_grant(self) -> int:
        return sum(each.pence for each in self.by_grant)


def fund_sums(allocation: AllocationMoney, limit: int | None = None) -> FundSums:
    """The seven numbers. Underspend: not committed, still held by groups, or not to be spent by a grant."""
    grants = allocation.every_grant
    totals = add_up(grants)
    with_groups = sum(delegation.left for delegation in allocation.delegations)
    own = add_up(allocation.grants)
    return FundSums(
        allocated=allocation.allocated,
        committed=totals.approved,
        not_scheduled=totals.not_scheduled,
        paid=totals.net_paid,
        spent=totals.spent,
        outturn=totals.outturn,
        underspend=allocation.available + with_groups + totals.underspend,
        limit=limit,
        with_groups=with_groups,
        not_committed=allocation.available,
        released=own.released,
        spent_accepted=totals.spent_accepted,
        by_grant=tuple(UnderGrant(grant.code, grant.underspend) for grant in grants if grant.underspend),
        without_forecast=totals.without_forecast,
        without_spending=totals.without_spending,
    )


def use_of(grant: GrantMoney) -> Use:
    return Use(grant.approved, grant.paid, grant.repaid)
