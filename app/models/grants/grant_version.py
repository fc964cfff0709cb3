"""Versions of a grant: 1 is the award, each later one what stands after a variation."""

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import BigInteger, Field

from app.models.append_only import AppendOnly
from app.models.column import Listed
from app.models.row import Recorded, TrackedRow


class GrantVersion(TrackedRow, Recorded, AppendOnly, table=True):
    """The database refuses to change or delete one."""

    __tablename__ = "grant_version"
    __table_args__ = (UniqueConstraint("grant_id", "number"),)

    grant_id: int = Field(foreign_key="grant_award.id")
    number: int
    content: dict[str, Any] = Field(default_factory=dict, sa_type=Listed)
    """For reading and comparing; the amounts stand in `GrantAmount` too, for sums."""


class GrantAmount(TrackedRow, AppendOnly, table=True):
    __tablename__ = "grant_amount"

    version_id: int = Field(foreign_key="grant_version.id", index=True)
    line: str = Field(max_length=500)
    quarter: int
    """Month index of the quarter's first month."""
    spending: str = Field(max_length=10)
    pence: int = Field(sa_type=BigInteger)


class GrantFunding(TrackedRow, AppendOnly, table=True):
    """What an allocation pays of a version, by year and kind. Several rows where several pay."""

    __tablename__ = "grant_funding"

    version_id: int = Field(foreign_key="grant_version.id", index=True)
    allocation_id: int | None = Field(default=None, foreign_key="allocation.id", index=True)
    """None where a delegation does not say which money it is."""
    financial_year: str = Field(max_length=20)
    spending: str = Field(max_length=10)
    pence: int = Field(sa_type=BigInteger)
