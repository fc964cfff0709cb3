"""Random histories of an allocation: after every step every sum is what a plain list of entries says."""

import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

import pytest

from app.domain.access.authority import Access, Role
from app.domain.grants.available import Use, left_to_award, not_enough, over_committed
from app.domain.grants.fund_sums import AllocationMoney, DelegatedMoney, fund_sums
from app.domain.grants.grant import GrantState
from app.domain.grants.grant_sums import GrantMoney
from app.domain.grants.payment_steps import AUTHORISE, PaymentFacts, PaymentState

HISTORIES, STEPS = 60, 80
APPROVER = Access.of_role((1, "town"), Role.APPROVER)
ENTRY = ("approved", "awarded", "scheduled", "paid", "repaid", "spent")


@dataclass
class Book:
    """Money as the rules let it move, beside a list of entries (what, grant, pence) in which nothing is summed."""

    chance: random.Random
    allocated: int = 100_000
    delegations: list[int] = field(default_factory=list)
    grants: dict[int, GrantMoney] = field(default_factory=dict)
    group_of: dict[int, int | None] = field(default_factory=dict)
    entries: list[tuple[str, int, int]] = field(default_factory=list)
    refusals: set[str] = field(default_factory=set)

    def allocation(self) -> AllocationMoney:
        own = tuple(each for n, each in self.grants.items() if self.group_of[n] is None)
        delegated = tuple(
            DelegatedMoney(
                f"group {n}", pence, tuple(g for m, g in self.grants.items() if self.group_of[m] == n)
            )
            for n, pence in enumerate(self.delegations)
        )
        return AllocationMoney(self.allocated, own, delegated)

    def left(self, group: int | None) -> int:
        money = self.allocation()
        return money.available if group is None else money.delegations[group].left

    def may_commit(self, group: int | None, more: int) -> bool:
        refusal = not_enough(self.left(group), more, "the fund")
        if refusal is not None:
            self.refusals.add(refusal[0])
        return refusal is None

    def write(self, n: int, **pence: int) -> None:
        fields = asdict(self.grants[n])
        for what, more in pence.items():
            fields[what] = (fields[what] or 0) + more
            self.entries.append((what, n, more))
        self.grants[n] = GrantMoney(**fields)

    def award(self) -> None:
        group = self.chance.choice([None, *range(len(self.delegations))])
        pence = self.chance.randint(0, 30_000)
        if self.may_commit(group, pence):
            n = len(self.grants)
            self.grants[n], self.group_of[n] = GrantMoney(f"G{n}", 0, 0), group
            self.write(n, approved=pence, awarded=pence)

    def delegate(self) -> None:
        pence = self.chance.randint(0, 20_000)
        if self.may_commit(None, pence):
            self.delegations.append(pence)

    def vary(self) -> None:
        n = self.any_grant()
        grant = self.grants[n]
        more = self.chance.randint(-grant.approved, 5_000)
        is_below_paid = grant.approved + more < grant.scheduled
        use = Use(grant.approved + more, grant.paid, grant.repaid).pence
        extra = use - Use(grant.approved, grant.paid, grant.repaid).pence
        if not is_below_paid and self.may_commit(self.group_of[n], extra):
            self.write(n, approved=more)

    def pay(self) -> None:
        n = self.any_grant()
        grant = self.grants[n]
        pence = self.chance.randint(1, 15_000)
        facts = PaymentFacts(PaymentState.PLANNED, GrantState.LIVE, pence, grant.not_scheduled)
        refusal = AUTHORISE.refusal(facts, APPROVER)
        if refusal is None:
            self.write(n, scheduled=pence, paid=pence)
        else:
            self.refusals.add(refusal[0])

    def repay(self) -> None:
        n = self.any_grant()
        if self.grants[n].net_paid:
            self.write(n, repaid=self.chance.randint(1, self.grants[n].net_paid))

    def spend(self) -> None:
        n = self.any_grant()
        self.write(n, spent=self.chance.randint(0, 4_000))

    def lapse(self) -> None:
        """The grant counts nowhere any more, but what was paid stays paid."""
        n = self.any_grant()
        grant = self.grants[n]
        if not grant.scheduled:
            self.write(n, approved=-grant.approved, awarded=-grant.awarded)

    def revise(self) -> None:
        """Always recorded, even below what is committed."""
        self.allocated = max(0, self.allocated + self.chance.randint(-40_000, 20_000))

    def any_grant(self) -> int:
        return self.chance.randrange(len(self.grants))

    def totals(self) -> dict[str, dict[int, int]]:
        """The entries added up, by kind and grant."""
        totals = {what: dict.fromkeys(self.grants, 0) for what in ENTRY}
        for what, n, pence in self.entries:
            totals[what][n] += pence
        return totals


MOVES: tuple[Callable[[Book], None], ...] = (
    Book.award,
    Book.award,
    Book.delegate,
    Book.vary,
    Book.pay,
    Book.pay,
    Book.repay,
    Book.spend,
    Book.lapse,
    Book.revise,
)


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_every_sum_is_true_after_every_step(seed: int) -> None:
    book = Book(random.Random(seed))
    was_left = book.left(None)
    for _ in range(STEPS):
        allocated = book.allocated
        move = book.chance.choice(MOVES) if book.grants else Book.award
        move(book)
        _check(book)
        left = book.left(None)
        assert left >= 0 or left >= was_left - max(0, allocated - book.allocated), "no step makes it negative"
        was_left = left


def _check(book: Book) -> None:
    """Adds up the entries anew, and compares."""
    grants = range(len(book.grants))
    totals = book.totals()
    use = {n: max(totals["approved"][n], totals["paid"][n] - totals["repaid"][n]) for n in grants}
    money, sums = book.allocation(), fund_sums(book.allocation(), 15_000)
    own = [n for n in grants if book.group_of[n] is None]
    available = book.allocated - sum(book.delegations) - sum(use[n] for n in own)
    assert money.available == sums.not_committed == available
    held = [
        pence - sum(use[n] for n in grants if book.group_of[n] == group)
        for group, pence in enumerate(book.delegations)
    ]
    assert [each.left for each in money.delegations] == held
    assert all(pence >= 0 for pence in held), "grants of a delegation stay within it"
    assert sums.with_groups == sum(held)
    assert sums.committed == sum(totals["approved"].values())
    assert sums.paid == sum(totals["paid"].values()) - sum(totals["repaid"].values()) >= 0
    assert sums.not_scheduled == sums.committed - sum(totals["scheduled"].values()) >= 0
    assert sums.spent == sum(totals["spent"].values())
    assert sums.outturn == sums.committed, "nobody gave a forecast"
    assert sums.underspend == sums.not_committed + sums.with_groups
    assert over_committed(available) == max(0, -available)
    for n in grants:
        assert totals["paid"][n] - totals["repaid"][n] <= totals["approved"][n] + totals["repaid"][n]


def test_the_histories_meet_the_refusals() -> None:
    refusals: set[str] = set()
    for seed in range(10):
        book = Book(random.Random(seed))
        for _ in range(STEPS):
            (book.chance.choice(MOVES) if book.grants else Book.award)(book)
        refusals |= book.refusals
    assert refusals == {"not_enough_left", "beyond_award"}


def test_grants_of_a_delegation_are_not_taken_twice() -> None:
    assert left_to_award(100, 40, [Use(30), Use(10, paid=25, repaid=5)]) == 10
