"""One of the plan's ordered priorities, with its findings and intended outcomes."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field
from typing_extensions import TypedDict

from app.models.column import Listed
from app.models.plan.measure_line import MeasureLineOut
from app.models.row import TrackedRow


class Priority(TrackedRow, table=True):
    __table_args__ = (UniqueConstraint("plan_id", "code"),)

    plan_id: int = Field(foreign_key="plan.id", index=True)
    position: int
    code: str = Field(max_length=80)
    title: str = Field(max_length=500)
    cross_cutting: bool = False
    aligned_with: list[str] = Field(default_factory=list, sa_type=Listed)
    outcomes: list[str] = Field(default_factory=list, sa_type=Listed)
    findings: list[dict[str, str]] = Field(default_factory=list, sa_type=Listed)
    """`text` and the `source` it cites."""


class PriorityOut(TypedDict):
    id: str
    plan: str
    plan_version: int
    position: int
    code: str
    title: str
    cross_cutting: bool
    aligned_with: list[str]
    outcomes: list[str]
    findings: list[dict[str, str]]
    measures: list[MeasureLineOut]
