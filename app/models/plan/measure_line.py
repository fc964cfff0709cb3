"""A line of the plan's own evidence table."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Text
from typing_extensions import TypedDict

from app.models.column import Listed
from app.models.row import TrackedRow


class MeasureLine(TrackedRow, table=True):
    """A line of the plan's own evidence table, in its words. It may hold several indicators, or none."""

    __tablename__ = "measure_line"
    __table_args__ = (UniqueConstraint("priority_id", "code"),)

    priority_id: int = Field(foreign_key="priority.id", index=True)
    position: int
    code: str = Field(max_length=80)
    words: str = Field(max_length=500)
    theme: str | None = Field(default=None, max_length=80)
    measured_by: str = Field(default="indicator", max_length=40)
    """indicator, focus_group or narrative."""
    baseline_words: str = Field(default="", max_length=500)
    target_words: str = Field(default="", max_length=500)
    note: str = Field(default="", sa_type=Text)
    indicators: list[str] = Field(default_factory=list, sa_type=Listed)
    """Codes, in order; the plan's import checks that each is there."""


class MeasureLineOut(TypedDict):
    code: str
    words: str
    theme: str | None
    measured_by: str
    baseline_words: str
    target_words: str
    note: str
    indicators: list[str]
