"""Rules between indicators: two sides and a comparison that must hold."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field
from typing_extensions import TypedDict

from app.models.column import Listed
from app.models.row import TrackedRow
from app.models.wire_enums import ComparisonText, SeverityText, WhenMissingText


class Rule(TrackedRow, table=True):
    """`left` and `right` are codes of indicators whose figures of one period and area are added up."""

    __table_args__ = (UniqueConstraint("partnership_id", "code"),)

    partnership_id: int = Field(foreign_key="partnership.id")
    position: int
    code: str = Field(max_length=80)
    title: str = Field(max_length=500)
    left: list[str] = Field(default_factory=list, sa_type=Listed)
    comparison: str = Field(max_length=20)
    """`domain.rule.Comparison`: one of six."""
    right: list[str] = Field(default_factory=list, sa_type=Listed)
    when_missing: str = Field(max_length=10)
    """skip or fail."""
    severity: str = Field(max_length=10)
    """error or warning."""


class RuleOut(TypedDict):
    id: str
    code: str
    title: str
    words: str
    """ "Burglary + Sexual offences must be at most Total crime"."""
    left: list[str]
    """Codes of indicators, whose figures of one period and area are added up."""
    comparison: ComparisonText
    right: list[str]
    when_missing: WhenMissingText
    """skip: while a figure is not there, the rule waits; fail: it is broken."""
    severity: SeverityText
