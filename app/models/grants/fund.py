"""A fund: a funder's programme, with its rules. It is the funder's and belongs to no partnership."""

from typing import Literal

from sqlmodel import BigInteger, Field, Text
from typing_extensions import TypedDict

from app.domain.grants.fund_rules import Basis, UnderspendOver, Vat
from app.domain.grants.underspend_draft import CarryOver
from app.models.column import Listed
from app.models.plan.partnership import NamedOut
from app.models.row import TrackedRow
from app.models.wire import Code, In, Line, Number, Prose, WholeNumber


class Fund(TrackedRow, table=True):
    """Amounts in pence. A rule that is None is not said by the funder."""

    code: str = Field(max_length=80, unique=True)
    title: str = Field(max_length=500)
    funder_id: int = Field(foreign_key="agency.id", index=True)
    note: str = Field(default="", sa_type=Text)
    objectives: list[dict[str, str]] = Field(default_factory=list, sa_type=Listed)
    """The funder's own: code and title."""
    virement_percent: int | None = None
    virement_amount: int | None = Field(default=None, sa_type=BigInteger)
    small_grant_cap: int = Field(default=5_000_00, sa_type=BigInteger)
    lines_above: int = Field(default=25_000_00, sa_type=BigInteger)
    underspend_limit: int | None = Field(default=None, sa_type=BigInteger)
    underspend_over: str = Field(default="fund", max_length=10)
    report_days: int = 30
    keep_years: int = 7
    """After the last payment."""
    carry_over: str = Field(default="none", max_length=10)
    basis: str | None = Field(default=None, max_length=10)
    vat: str | None = Field(default=None, max_length=10)


class ObjectiveIn(In):
    code: Code
    title: Line


class VirementIn(In):
    """Below both, money moved between lines is recorded and not asked for."""

    percent: WholeNumber = Field(le=100)
    amount: Number


class FundRulesIn(In):
    virement: VirementIn | None = None
    small_grant_cap: Number | None = None
    lines_above: Number | None = None
    underspend_limit: Number | None = None
    underspend_over: UnderspendOver = UnderspendOver.FUND
    report_days: WholeNumber = Field(default=30, le=366)
    keep_years: WholeNumber = Field(default=7, le=100)
    carry_over: CarryOver = CarryOver.NONE
    basis: Basis | None = None
    vat: Vat | None = None


class FundIn(In):
    EXAMPLE = {
        "code": "community-safety",
        "title": "Community safety grant",
        "funder": "commissioner",
        "rules": {"underspend_limit": 15000, "carry_over": "request"},
    }

    code: Code
    title: Line
    funder: Code
    note: Prose = ""
    objectives: list[ObjectiveIn] = Field(default=[], max_length=50)
    rules: FundRulesIn = FundRulesIn()


class VirementOut(TypedDict):
    percent: int
    amount: float


class FundRulesOut(TypedDict):
    """Amounts in pounds; null where the funder has not said."""

    virement: VirementOut | None
    small_grant_cap: float
    lines_above: float
    underspend_limit: float | None
    underspend_over: Literal["fund", "funder"]
    report_days: int
    keep_years: int
    carry_over: Literal["none", "request", "automatic"]
    basis: Literal["cash", "accruals"] | None
    vat: Literal["net", "gross"] | None


class FundOut(TypedDict):
    id: str
    code: str
    title: str
    funder: NamedOut
    note: str
    objectives: list[dict[str, str]]
    rules: FundRulesOut
    version: int
