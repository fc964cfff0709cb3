"""The sums of one grant in one financial year and kind, and their totals."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce


@dataclass(frozen=True, slots=True)
class GrantMoney:
    """Facts about a grant's money in pence, of one financial year and kind.

    `spent` and `forecast` are None where the recipient has reported none: unknown, not 0.
    """

    code: str
    approved: int
    """By the version that stands: never what was asked for."""
    awarded: int
    """By the first version."""
    scheduled: int = 0
    """Payments planned, authorised or paid, before repayments."""
    paid: int = 0
    repaid: int = 0
    spent: int | None = None
    """To date, by the newest return that was sent; of a grant paid in arrears the sum of its approved claims."""
    spent_accepted: int | None = None
    """By accepted returns alone: counts when a year is closed."""
    forecast: int | None = None
    is_in_arrears: bool = False

    @property
    def net_paid(self) -> int:
        return self.paid - self.repaid

    @property
    def not_scheduled(self) -> int:
        return self.approved - self.scheduled

    @property
    def outturn(self) -> int:
        """Forecast of the year's spending; the approved amount where none was given."""
        return self.approved if self.forecast is None else self.forecast

    @property
    def underspend(self) -> int:
        """Approved and not expected to be spent; negative where more is expected."""
        return self.approved - self.outturn

    @property
    def released(self) -> int:
        """Given back since the award."""
        return max(0, self.awarded - self.approved)

    @property
    def still_with_them(self) -> int | None:
        """Paid in advance and not yet spent; negative where they are owed money. None while spending is unknown."""
        return None if self.spent is None else self.net_paid - self.spent


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over grants. What is unknown adds nothing, and its grant is named beside the sum."""

    approved: int = 0
    awarded: int = 0
    not_scheduled: int = 0
    net_paid: int = 0
    spent: int = 0
    spent_accepted: int = 0
    outturn: int = 0
    underspend: int = 0
    released: int = 0
    without_spending: tuple[str, ...] = ()
    """Codes of grants that reported no spending."""
    without_forecast: tuple[str, ...] = ()

    def plus(self, grant: GrantMoney) -> "Totals":
        return Totals(
            approved=self.approved + grant.approved,
            awarded=self.awarded + grant.awarded,
            not_scheduled=self.not_scheduled + grant.not_scheduled,
            net_paid=self.net_paid + grant.net_paid,
            spent=self.spent + (grant.spent or 0),
            spent_accepted=self.spent_accepted + (grant.spent_accepted or 0),
            outturn=self.outturn + grant.outturn,
            underspend=self.underspend + grant.underspend,
            released=self.released + grant.released,
            without_spending=(*self.without_spending, *([grant.code] if grant.spent is None else [])),
            without_forecast=(*self.without_forecast, *([grant.code] if grant.forecast is None else [])),
        )


def add_up(grants: Iterable[GrantMoney]) -> Totals:
    return reduce(Totals.plus, grants, Totals())
