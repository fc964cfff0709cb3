"""Grants on the wire. Amounts in pounds."""

from typing import Annotated, Literal

from sqlmodel import Field
from typing_extensions import TypedDict

from app.domain.grants.grant import GrantKind, Instrument
from app.domain.grants.money import Spending
from app.domain.grants.payment_steps import PaidIn
from app.models.grants.payment import GateOut, PaidInText
from app.models.grants.short_text import ShortText
from app.models.plan.partnership import NamedOut
from app.models.wire import (
    Code,
    Day,
    DayText,
    In,
    Line,
    Number,
    PeriodText,
    PeriodWritten,
    Prose,
    Reason,
    WholeNumber,
)

GrantStateText = Literal[
    "proposed",
    "offered",
    "accepted",
    "live",
    "suspended",
    "lapsed",
    "declined",
    "terminated",
    "closing",
    "closed",
    "withdrawn",
]
GrantStepText = Literal[
    "edit",
    "withdraw",
    "award",
    "accept",
    "decline",
    "lapse",
    "start",
    "suspend",
    "resume",
    "terminate",
    "begin_close",
    "close",
]


class QuarterAmountIn(In):
    quarter: PeriodText
    amount: Number


class LineIn(In):
    """A line of the award: its amount, spread evenly over the days of the grant, or its profile by quarter."""

    title: Line
    spending: Spending = Spending.REVENUE
    amount: Number | None = None
    profile: Annotated[list[QuarterAmountIn], Field(max_length=40)] | None = None


class GrantAllocationIn(In):
    """An allocation that pays, and its share where several pay one year."""

    code: Code
    share: WholeNumber = Field(default=1, ge=1, le=1_000_000)


class GrantIn(In):
    EXAMPLE = {
        "reference": "SSF-17-02",
        "recipient": "marrow-lane",
        "purpose": "Young people who live with domestic abuse",
        "starts": "2017-04-01",
        "ends": "2018-03-31",
        "allocations": [{"code": "community-safety-2017-18"}],
        "lines": [{"title": "Project workers", "amount": 28500}],
    }

    reference: Code
    recipient: Code
    payer: Code | None = None
    """The accountable body of the first allocation, where it is left out."""
    instrument: Instrument = Instrument.GRANT
    kind: GrantKind = GrantKind.SERVICE
    purpose: Line
    reasons: Prose = ""
    priority: Code | None = None
    theme: Code | None = None
    managed_by: Code | None = None
    paid_in: PaidIn = PaidIn.ADVANCE
    starts: Day
    ends: Day
    acceptance_due_on: Day | None = None
    ledger_code: ShortText = Field(default="", max_length=80)
    parent: Code | None = None
    takes_up: Code | None = None
    """The allocation that a grant to the accountable body takes up."""
    delegation: Code | None = None
    allocations: Annotated[list[GrantAllocationIn], Field(max_length=20)] = []
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=100)]


class GrantReasonIn(In):
    EXAMPLE = {"reason": "Its only mediator left"}

    reason: Reason


class GrantNoteIn(In):
    EXAMPLE = {"note": "By telephone on 12 October"}

    note: Prose = ""


class YearSumsOut(TypedDict):
    """A grant's money of one financial year and kind."""

    financial_year: str
    spending: Literal["capital", "revenue"]
    approved: float
    is_indicated: bool
    """Likely, not certain: shown, and in no sum."""


class GrantNumbersOut(TypedDict):
    """Null is not known."""

    awarded: float
    approved: float
    not_scheduled: float
    paid: float
    spent: float | None
    forecast: float | None
    underspend: float
    still_with_them: float | None
    """Negative where they are owed it."""


class GrantOut(TypedDict):
    id: str
    reference: str
    instrument: Literal["grant", "contract", "agreement"]
    kind: Literal["service", "pilot", "capital"]
    recipient: NamedOut
    payer: NamedOut
    parent: str | None
    takes_up: str | None
    delegation: str | None
    allocations: list[str]
    purpose: str
    reasons: str
    priority: str | None
    theme: str | None
    managed_by: str | None
    paid_in: PaidInText
    starts: DayText
    ends: DayText
    acceptance_due_on: DayText | None
    ledger_code: str
    state: GrantStateText
    state_label: str
    state_reason: str
    amount: float
    """As approved; of a proposal as proposed."""
    version_number: int
    version: int


class LineAmountOut(TypedDict):
    line: str
    quarter: PeriodWritten
    quarter_label: str
    spending: Literal["capital", "revenue"]
    amount: float


class NextPaymentOut(TypedDict):
    number: int
    amount: float
    planned_on: DayText
    words: str
    gates: list[GateOut]


class GrantWithStepsOut(GrantOut):
    is_past_end: bool
    is_acceptance_overdue: bool
    years: list[YearSumsOut]
    amounts: list[LineAmountOut]
    numbers: GrantNumbersOut
    next_payment: NextPaymentOut | None
    may: list[GrantStepText]
    warnings: list[str]
