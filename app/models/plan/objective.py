"""Objectives of a priority."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field
from typing_extensions import TypedDict

from app.models.row import TrackedRow


class Objective(TrackedRow, table=True):
    __table_args__ = (UniqueConstraint("priority_id", "code"),)

    priority_id: int = Field(foreign_key="priority.id", index=True)
    position: int
    code: str = Field(max_length=80)
    title: str = Field(max_length=500)
    theme: str | None = Field(default=None, max_length=80)


class ObjectiveOut(TypedDict):
    id: str
    priority: str
    position: int
    code: str
    title: str
    theme: str | None
