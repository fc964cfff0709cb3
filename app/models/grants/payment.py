"""A payment of a grant, and the gates that hold it."""

from datetime import date
from typing import Annotated, Literal

from sqlalchemy import UniqueConstraint
from sqlmodel import BigInteger, Field, Text
from typing_extensions import TypedDict

from app.domain.grants.gate import GateKind
from app.domain.grants.money import Spending
from app.domain.grants.payment_steps import PaidIn
from app.models.grants.short_text import ShortText
from app.models.plan.partnership import NamedOut
from app.models.row import TrackedRow
from app.models.wire import Day, DayText, In, Number, PeriodText, Prose, Reason, WholeNumber

PaymentStateText = Literal["planned", "authorised", "paid", "failed", "cancelled"]
PaymentStepText = Literal["waive", "authorise", "record_paid", "record_failed", "cancel"]
PaidInText = Literal["advance", "arrears", "milestone"]


class Payment(TrackedRow, table=True):
    __table_args__ = (UniqueConstraint("grant_id", "number"),)

    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    grant_id: int = Field(foreign_key="grant_award.id")
    number: int
    payer_id: int = Field(foreign_key="agency.id")
    payee_id: int = Field(foreign_key="agency.id")
    financial_year: str = Field(max_length=20)
    """Whose money it is: a payment in April may be of the year before."""
    spending: str = Field(max_length=10)
    pence: int = Field(sa_type=BigInteger)
    planned_on: date
    paid_in: str = Field(max_length=20)
    purpose: str = Field(default="", max_length=500)
    state: str = Field(max_length=20)
    """`domain.grants.payment_steps.PaymentState`."""
    state_reason: str = Field(default="", sa_type=Text)
    paid_on: date | None = None
    ledger_reference: str = Field(default="", max_length=500)
    claim_id: int | None = Field(default=None, foreign_key="claim.id", unique=True)
    planned_by_id: int | None = Field(default=None, foreign_key="person.id")
    """Who may not authorise it."""


class PaymentGate(TrackedRow, table=True):
    __tablename__ = "payment_gate"

    payment_id: int = Field(foreign_key="payment.id", index=True)
    position: int
    kind: str = Field(max_length=20)
    """`domain.grants.gate.GateKind`."""
    subject: str = Field(default="", max_length=500)
    limit_pence: int | None = Field(default=None, sa_type=BigInteger)
    met_on: date | None = None
    """Recorded by somebody, for those that no sum decides."""
    waived_because: str = Field(default="", sa_type=Text)
    waived_on: date | None = None
    waived_by_id: int | None = Field(default=None, foreign_key="person.id")


class GateIn(In):
    kind: GateKind
    subject: ShortText = ""
    """A period for returns and reports, else what is needed."""
    limit: Number | None = None
    """In pounds, for the gates that compare an amount."""


class PaymentIn(In):
    EXAMPLE = {
        "planned_on": "2018-02-19",
        "amount": 7125,
        "financial_year": "2017-18",
        "gates": [{"kind": "return_accepted", "subject": "2017-18-Q3"}],
    }

    planned_on: Day
    amount: Number
    financial_year: PeriodText
    spending: Spending = Spending.REVENUE
    paid_in: PaidIn | None = None
    """As the grant is paid, where it is left out."""
    purpose: ShortText = ""
    gates: Annotated[list[GateIn], Field(max_length=10)] = []


class WaiveIn(In):
    EXAMPLE = {"gate": 1, "reason": "Wages are due on Friday"}

    gate: WholeNumber = Field(ge=1, le=10)
    """Its number in the payment's list."""
    reason: Reason


class GateMetIn(In):
    EXAMPLE = {"gate": 1, "met_on": "2017-12-18"}

    gate: WholeNumber = Field(ge=1, le=10)
    met_on: Day


class RecordPaidIn(In):
    EXAMPLE = {"paid_on": "2017-12-19", "ledger_reference": "BACS 20417"}

    paid_on: Day
    ledger_reference: ShortText = ""


class GateOut(TypedDict):
    number: int
    kind: Literal[
        "return_accepted",
        "report_received",
        "underspend_within",
        "unspent_within",
        "approved_by_group",
        "condition_met",
    ]
    subject: str
    limit: float | None
    state: Literal["met", "not_met", "waived"]
    state_label: str
    words: str
    """What is done, the one thing to do, or why it was waived."""


class PaymentOut(TypedDict):
    id: str
    grant: str
    number: int
    payer: NamedOut
    payee: NamedOut
    financial_year: str
    spending: Literal["capital", "revenue"]
    amount: float
    planned_on: DayText
    paid_in: PaidInText
    purpose: str
    state: PaymentStateText
    words: str
    """Its state for people: planned, waiting for what, can be paid, paid, stopped."""
    paid_on: DayText | None
    ledger_reference: str
    gates: list[GateOut]
    waits_for: list[str]
    """What is still needed before it can be paid."""
    is_due: bool
    """Its day has come and it is not paid."""
    version: int
    may: list[PaymentStepText]


class PaymentReasonIn(In):
    EXAMPLE = {"reason": "The project ended in September"}

    reason: Prose = ""
