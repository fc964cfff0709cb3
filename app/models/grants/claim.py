"""A claim: what a recipient spent and asks to be paid."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from sqlalchemy import UniqueConstraint
from sqlmodel import BigInteger, Field, Text
from typing_extensions import TypedDict

from app.domain.grants.money import Spending
from app.models.column import Listed
from app.models.grants.short_text import ShortText
from app.models.row import TrackedRow
from app.models.wire import DayText, In, Line, Number, PeriodText, PeriodWritten, Prose

ClaimStateText = Literal["draft", "submitted", "approved", "part_approved", "rejected", "paid"]


class Claim(TrackedRow, table=True):
    __table_args__ = (UniqueConstraint("grant_id", "number"),)

    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    grant_id: int = Field(foreign_key="grant_award.id")
    number: int
    period: str = Field(max_length=20)
    spending: str = Field(max_length=10)
    lines: list[dict[str, Any]] = Field(default_factory=list, sa_type=Listed)
    """Amounts in pence: incurred, ineligible, vat."""
    asked: int = Field(sa_type=BigInteger)
    approved: int | None = Field(default=None, sa_type=BigInteger)
    reason: str = Field(default="", sa_type=Text)
    late_reason: str = Field(default="", sa_type=Text)
    on_behalf: str = Field(default="", max_length=500)
    """How staff were told, where they entered it."""
    state: str = Field(max_length=20)
    sent_on: date | None = None
    decided_on: date | None = None
    sent_by_id: int | None = Field(default=None, foreign_key="person.id")


class ClaimLineIn(In):
    """Asked for is what was incurred, less what is not eligible and VAT that can be reclaimed."""

    line: Line
    incurred: Number
    ineligible: Number = Decimal(0)
    vat: Number = Decimal(0)


class ClaimIn(In):
    EXAMPLE = {
        "period": "2017-18-Q2",
        "lines": [{"line": "Locks, alarms and fitting", "incurred": 4096.75, "vat": 0}],
    }

    period: PeriodText
    spending: Spending = Spending.REVENUE
    lines: Annotated[list[ClaimLineIn], Field(min_length=1, max_length=100)]
    late_reason: Prose = ""
    on_behalf: ShortText = ""


class ClaimDecisionIn(In):
    EXAMPLE = {"approved": 5186.75, "reason": "300.00 is VAT that you can reclaim"}

    approved: Number
    reason: Prose = ""


class ClaimLineOut(TypedDict):
    line: str
    incurred: float
    ineligible: float
    vat: float
    asked: float


class ClaimOut(TypedDict):
    """Amounts in pounds. Asked, approved, already claimed and left stand on every claim."""

    id: str
    grant: str
    number: int
    period: PeriodWritten
    spending: Literal["capital", "revenue"]
    lines: list[ClaimLineOut]
    asked: float
    approved: float | None
    already_claimed: float
    left: float
    reason: str
    late_reason: str
    on_behalf: str
    state: ClaimStateText
    state_label: str
    due_on: DayText
    is_late: bool
    sent_on: DayText | None
    decided_on: DayText | None
    version: int
    may: list[Literal["submit", "take_back", "decide"]]
    warnings: list[str]
