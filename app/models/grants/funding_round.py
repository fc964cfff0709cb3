"""A round: a call for applications to a fund, and how they are scored."""

from datetime import date
from typing import Annotated, Any, Literal

from sqlalchemy import UniqueConstraint
from sqlmodel import BigInteger, Field, Text
from typing_extensions import TypedDict

from app.domain.grants.funding_round import Decider
from app.models.column import Listed
from app.models.plan.partnership import NamedOut
from app.models.row import TrackedRow
from app.models.wire import Code, Day, DayText, In, Line, Number, PeriodText, Prose, WholeNumber

RoundStateText = Literal["planned", "open", "closed"]


class Round(TrackedRow, table=True):
    __tablename__ = "funding_round"
    __table_args__ = (UniqueConstraint("partnership_id", "code"),)

    partnership_id: int = Field(foreign_key="partnership.id")
    """Whose adviser is asked, where the round is the funder's."""
    code: str = Field(max_length=80)
    title: str = Field(max_length=500)
    fund_id: int = Field(foreign_key="fund.id", index=True)
    financial_year: str | None = Field(default=None, max_length=20)
    """Of the money; None where the round does not say."""
    opens_on: date
    closes_on: date
    """The last day on which an application can be sent."""
    decides_on: date | None = None
    cap: int | None = Field(default=None, sa_type=BigInteger)
    """The most that one application may ask for, in pence."""
    panel: str | None = Field(default=None, max_length=80)
    """Code of the group that scores."""
    decider: str = Field(default="partnership", max_length=20)
    """`domain.grants.funding_round.Decider`."""
    scheme: dict[str, Any] = Field(default_factory=dict, sa_type=Listed)
    """Criteria with their weights, and the range of a score (`domain.grants.scoring.Scheme`)."""
    note: str = Field(default="", sa_type=Text)


class CriterionIn(In):
    code: Code
    title: Line
    weight: WholeNumber = Field(default=1, ge=1, le=100)


class SchemeIn(In):
    """Each criterion is scored from the least to the most; its weight multiplies the score."""

    least: WholeNumber = Field(default=0, le=100)
    most: WholeNumber = Field(default=5, le=100)
    criteria: Annotated[list[CriterionIn], Field(max_length=20)] = []


class RoundIn(In):
    EXAMPLE = {
        "code": "safety-2018-19",
        "title": "Community safety, 2018/19",
        "fund": "community-safety",
        "financial_year": "2018-19",
        "opens_on": "2018-01-08",
        "closes_on": "2018-02-09",
        "scheme": {"criteria": [{"code": "need", "title": "Evidence of need", "weight": 2}]},
    }

    code: Code
    title: Line
    fund: Code
    financial_year: PeriodText | None = None
    opens_on: Day
    closes_on: Day
    decides_on: Day | None = None
    cap: Number | None = None
    panel: Code | None = None
    """The group that scores."""
    decider: Decider = Decider.PARTNERSHIP
    scheme: SchemeIn = SchemeIn()
    note: Prose = ""


class RoundPatch(In):
    """What is absent stays. The scheme stays once a score is recorded."""

    EXAMPLE = {"closes_on": "2018-02-16"}

    title: Line | None = None
    opens_on: Day | None = None
    closes_on: Day | None = None
    decides_on: Day | None = None
    cap: Number | None = None
    panel: Code | None = None
    scheme: SchemeIn | None = None
    note: Prose | None = None


class CriterionOut(TypedDict):
    code: str
    title: str
    weight: int


class SchemeOut(TypedDict):
    least: int
    most: int
    out_of: int
    """The highest total."""
    criteria: list[CriterionOut]


class RoundNumbersOut(TypedDict):
    """Pounds. Drafts count nowhere. Asked and approved are never the same number, and never added up."""

    applications: int
    to_decide: int
    amount_asked: float
    """By all that were sent, those withdrawn or declined as well, in the round's financial year."""
    amount_approved: float


class RoundOut(TypedDict):
    id: str
    code: str
    title: str
    fund: NamedOut
    financial_year: str | None
    opens_on: DayText
    closes_on: DayText
    decides_on: DayText | None
    state: RoundStateText
    state_label: str
    cap: float | None
    panel: str | None
    decider: Literal["partnership", "funder"]
    scheme: SchemeOut
    note: str
    numbers: RoundNumbersOut
    may: list[Literal["edit", "appraise", "decide"]]
    version: int
    """Rises with each of its applications too: a decision on several asks for it."""
