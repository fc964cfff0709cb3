"""A repayment: money that a recipient is asked to give back."""

from datetime import date
from typing import Literal

from sqlalchemy import UniqueConstraint
from sqlmodel import BigInteger, Field, Text
from typing_extensions import TypedDict

from app.domain.grants.money import Spending
from app.domain.grants.repayment_steps import RepaymentReason
from app.models.grants.short_text import ShortText
from app.models.row import TrackedRow
from app.models.wire import Day, DayText, In, Number, PeriodText, Prose, Reason

RepaymentStateText = Literal["demanded", "part_received", "received", "waived"]
RepaymentReasonText = Literal["underspend", "breach", "ineligible", "overpaid", "asset_sold"]


class Repayment(TrackedRow, table=True):
    """Amounts in pence."""

    __table_args__ = (UniqueConstraint("grant_id", "number"),)

    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    grant_id: int = Field(foreign_key="grant_award.id")
    number: int
    financial_year: str = Field(max_length=20)
    spending: str = Field(max_length=10)
    why: str = Field(max_length=20)
    """`domain.grants.repayment_steps.RepaymentReason`."""
    demanded: int = Field(sa_type=BigInteger)
    demanded_on: date
    received: int = Field(default=0, sa_type=BigInteger)
    received_on: date | None = None
    """Day of the last receipt."""
    state: str = Field(max_length=20)
    note: str = Field(default="", sa_type=Text)
    waived_because: str = Field(default="", sa_type=Text)
    demanded_by_id: int | None = Field(default=None, foreign_key="person.id")
    """Whose decision to waive it may not be."""


class RepaymentIn(In):
    EXAMPLE = {"amount": 810, "financial_year": "2017-18", "why": "underspend"}

    amount: Number
    financial_year: PeriodText
    spending: Spending = Spending.REVENUE
    why: RepaymentReason
    note: Prose = ""


class ReceiptIn(In):
    EXAMPLE = {"amount": 500, "received_on": "2017-12-08"}

    amount: Number
    received_on: Day
    ledger_reference: ShortText = ""


class RepaymentWaiverIn(In):
    EXAMPLE = {"reason": "It would cost more to collect"}

    reason: Reason


class RepaymentOut(TypedDict):
    """Amounts in pounds."""

    id: str
    grant: str
    number: int
    financial_year: str
    spending: Literal["capital", "revenue"]
    why: RepaymentReasonText
    demanded: float
    demanded_on: DayText
    received: float
    received_on: DayText | None
    outstanding: float
    state: RepaymentStateText
    state_label: str
    note: str
    waived_because: str
    version: int
    may: list[Literal["receive", "waive"]]
