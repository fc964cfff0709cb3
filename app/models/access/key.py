"""A partner program's key. It belongs to one agency; its secret is shown once and stored only as a hash."""

from datetime import datetime

from sqlmodel import Field, SQLModel
from typing_extensions import TypedDict

from app.domain.access.authority import Scope
from app.models.column import Instant, Listed
from app.models.plan.partnership import NamedOut
from app.models.row import TrackedRow
from app.models.wire import Code, Day, In, InstantText, Line


class ApiKey(TrackedRow, table=True):
    __tablename__ = "api_key"

    prefix: str = Field(max_length=20, unique=True)
    """Public name of a key in lists and in the audit record."""
    secret_hash: str = Field(max_length=64, unique=True)
    """SHA-256 of the whole key: 256 random bits need no slow hash."""
    name: str = Field(max_length=500)
    agency_id: int = Field(foreign_key="agency.id", index=True)
    scopes: list[str] = Field(default_factory=list, sa_type=Listed)
    created_at: datetime = Field(sa_type=Instant)
    created_by: str = Field(max_length=200)
    expires_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    last_used_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class ApiKeyPartnership(SQLModel, table=True):
    __tablename__ = "api_key_partnership"

    api_key_id: int = Field(foreign_key="api_key.id", primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id", primary_key=True)


class KeyIn(In):
    EXAMPLE = {
        "name": "Figures from the records system",
        "agency": "police",
        "scopes": ["plan:read", "figures:read", "figures:write", "submissions:read"],
    }

    name: Line
    agency: Code
    scopes: list[Scope] = Field(min_length=1, max_length=20)
    expires_on: Day | None = None
    """Last day it is valid, by the real calendar; absent, the longest allowed, a year from now."""


class KeyOut(TypedDict):
    id: str
    prefix: str
    name: str
    agency: NamedOut
    scopes: list[str]
    created_at: InstantText
    created_by: str
    expires_at: InstantText
    revoked_at: InstantText | None
    last_used_at: InstantText | None
    version: int


class NewKeyOut(TypedDict):
    key: KeyOut
    secret: str
    """The complete key. It is not stored and cannot be shown again."""
