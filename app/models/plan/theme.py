"""A lettered theme of a priority."""

from sqlalchemy import UniqueConstraint
from sqlmodel import BigInteger, Field
from typing_extensions import TypedDict

from app.models.row import Row


class Theme(Row, table=True):
    __table_args__ = (UniqueConstraint("priority_id", "code"),)

    priority_id: int = Field(foreign_key="priority.id", index=True)
    position: int
    code: str = Field(max_length=80)
    title: str = Field(max_length=500)
    seq: int = Field(sa_type=BigInteger)


class ThemeOut(TypedDict):
    id: str
    priority: str
    position: int
    code: str
    title: str
