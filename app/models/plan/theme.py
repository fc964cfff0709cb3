"""A lettered theme of a priority."""

from sqlalchemy import UniqueConstraint
from sqlmodel import BigInteger, Field, SQLModel
from typing_extensions import TypedDict


class Theme(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("priority_id", "code"),)

    id: int | None = Field(default=None, primary_key=True)
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
