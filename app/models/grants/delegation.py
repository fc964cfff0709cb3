"""A delegation: money that a group may award."""

from typing import Literal

from sqlalchemy import UniqueConstraint
from sqlmodel import BigInteger, Field
from typing_extensions import TypedDict

from app.models.row import TrackedRow


class Delegation(TrackedRow, table=True):
    __table_args__ = (UniqueConstraint("partnership_id", "code"),)

    partnership_id: int = Field(foreign_key="partnership.id")
    position: int
    code: str = Field(max_length=80)
    allocation_id: int | None = Field(default=None, foreign_key="allocation.id", index=True)
    """None where it is not said which money."""
    group_code: str = Field(max_length=80)
    spending: str = Field(max_length=10)
    amount: int = Field(sa_type=BigInteger)
    """In pence."""
    decision: str = Field(default="", max_length=500)


class DelegationOut(TypedDict):
    id: str
    code: str
    allocation: str | None
    group: str
    spending: Literal["capital", "revenue"]
    amount: float
    awarded: float
    left: float
    decision: str
    version: int
