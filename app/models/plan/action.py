"""Actions of a plan, each with the post that owns it and the day it is due."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Text
from typing_extensions import TypedDict

from app.models.row import TrackedRow


class Action(TrackedRow, table=True):
    """An action: its owner, the day it is due, the change intended, and in the end the change achieved."""

    __table_args__ = (UniqueConstraint("priority_id", "code"),)

    priority_id: int = Field(foreign_key="priority.id", index=True)
    position: int
    code: str = Field(max_length=80)
    title: str = Field(max_length=500)
    objective: str | None = Field(default=None, max_length=80)
    theme: str | None = Field(default=None, max_length=80)
    owner: str | None = Field(default=None, max_length=500)
    delivery_group: str | None = Field(default=None, max_length=500)
    due: str | None = Field(default=None, max_length=500)
    """As the plan puts it: a date, a season, "before the review"."""
    intended_change: str = Field(default="", sa_type=Text)
    evidence: str = Field(default="", sa_type=Text)
    what_changed: str = Field(default="", sa_type=Text)


class ActionOut(TypedDict):
    id: str
    priority: str
    position: int
    code: str
    title: str
    objective: str | None
    theme: str | None
    owner: str | None
    delivery_group: str | None
    due: str | None
    intended_change: str
    evidence: str
    what_changed: str
