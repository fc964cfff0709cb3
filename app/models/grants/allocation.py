"""An allocation: what a fund gives a partnership, held by an accountable body."""

from datetime import date
from typing import Annotated, Literal

from sqlalchemy import UniqueConstraint
from sqlmodel import BigInteger, Field, Text
from typing_extensions import TypedDict

from app.domain.grants.available import AllocationStatus
from app.models.column import Listed
from app.models.grants.delegation import DelegationOut
from app.models.grants.grant_wire import GrantStateText, NextPaymentOut
from app.models.plan.partnership import NamedOut
from app.models.row import TrackedRow
from app.models.wire import Code, Day, DayText, In, Line, Number, PeriodText, Prose, Reason

AllocationStatusText = Literal["not_yet_known", "indicated", "confirmed", "revised", "withdrawn"]


class Allocation(TrackedRow, table=True):
    """Amounts in pence. None is not said or not known, never 0."""

    __table_args__ = (UniqueConstraint("partnership_id", "code"),)

    partnership_id: int = Field(foreign_key="partnership.id")
    position: int
    code: str = Field(max_length=80)
    fund_id: int = Field(foreign_key="fund.id", index=True)
    accountable_body_id: int = Field(foreign_key="agency.id")
    financial_year: str | None = Field(default=None, max_length=20)
    """None where the years are not said: then it stands in no year's sum."""
    amount: int | None = Field(default=None, sa_type=BigInteger)
    capital: int | None = Field(default=None, sa_type=BigInteger)
    revenue: int | None = Field(default=None, sa_type=BigInteger)
    """Both None where the kind is not said."""
    status: str = Field(max_length=20)
    """`domain.grants.available.AllocationStatus`."""
    told_by: date | None = None
    """Day by which the funder tells an amount that is not yet known."""
    not_said: list[str] = Field(default_factory=list, sa_type=Listed)
    """Sentences of what the paper does not say."""
    source: str = Field(default="", sa_type=Text)
    note: str = Field(default="", sa_type=Text)


NotSaid = Annotated[list[Line], Field(max_length=20)]


class AllocationIn(In):
    """`capital` and `revenue` sum to `amount`; without either, the kind is not said."""

    EXAMPLE = {
        "code": "community-safety-2017-18",
        "fund": "community-safety",
        "accountable_body": "council",
        "financial_year": "2017-18",
        "revenue": 256343,
        "status": "confirmed",
    }

    code: Code
    fund: Code
    accountable_body: Code
    financial_year: PeriodText | None = None
    amount: Number | None = None
    capital: Number | None = None
    revenue: Number | None = None
    status: AllocationStatus = AllocationStatus.CONFIRMED
    told_by: Day | None = None
    not_said: NotSaid = []
    source: Prose = ""
    note: Prose = ""


class AllocationPatch(In):
    """What the funder now says. It is always recorded, even below what is committed."""

    EXAMPLE = {"revenue": 240000, "reason": "The funder's letter of 4 December 2017"}

    amount: Number | None = None
    capital: Number | None = None
    revenue: Number | None = None
    status: AllocationStatus | None = None
    told_by: Day | None = None
    reason: Reason


class DelegationIn(In):
    EXAMPLE = {
        "code": "local-awards",
        "group": "neighbourhoods",
        "amount": 10000,
        "decision": "Board, 24 March",
    }

    code: Code
    group: Code
    amount: Number
    spending: Literal["capital", "revenue"] = "revenue"
    decision: Line
    """Who decided it, and when."""


class SumsOut(TypedDict):
    """The seven numbers in order, then those beside them. In pounds."""

    spending: Literal["capital", "revenue"]
    allocated: float
    committed: float
    not_scheduled: float
    paid: float
    spent: float
    forecast: float
    underspend: float
    limit: float | None
    over_limit: float | None
    with_groups: float
    not_committed: float
    never_awarded: float
    released: float
    over_committed: float
    by_grant: list["UnderGrantOut"]
    """Grants expected to spend less than was approved, or more."""
    without_forecast: list[str]
    """Grants that gave no forecast: counted as their approved amount."""
    without_spending: list[str]
    """Grants that reported no spending: they add nothing to it."""


class UnderGrantOut(TypedDict):
    grant: str
    underspend: float


class AllocationOut(TypedDict):
    id: str
    code: str
    fund: NamedOut
    accountable_body: NamedOut
    financial_year: str | None
    year_label: str
    """"2017/18", or "years not said"."""
    amount: float | None
    capital: float | None
    revenue: float | None
    status: AllocationStatusText
    status_label: str
    told_by: DayText | None
    not_said: list[str]
    source: str
    note: str
    version: int


class AllocatedGrantOut(TypedDict):
    """A grant that the allocation pays, with its money of it in pounds. Null is not known."""

    reference: str
    purpose: str
    recipient: NamedOut
    delegation: str | None
    state: GrantStateText
    state_label: str
    awarded: float
    """By the first version."""
    approved: float
    not_scheduled: float
    paid: float
    spent: float | None
    forecast: float | None
    next_payment: NextPaymentOut | None


class AllocationWithSumsOut(AllocationOut):
    sums: list[SumsOut]
    """For each kind of money; empty where the year or the kind is not said."""
    delegations: list[DelegationOut]
    grants: list[AllocatedGrantOut]
    """Those it pays, in the order of their references."""
