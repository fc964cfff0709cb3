"""A grant: money awarded to a recipient, its state, and what it is for."""

from datetime import date
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Text

from app.models.column import Listed
from app.models.row import TrackedRow


class Grant(TrackedRow, table=True):
    """`grant` is a reserved word of SQL, so the table has another name."""

    __tablename__ = "grant_award"
    __table_args__ = (UniqueConstraint("partnership_id", "code"),)

    partnership_id: int = Field(foreign_key="partnership.id")
    code: str = Field(max_length=80)
    """Its reference."""
    parent_id: int | None = Field(default=None, foreign_key="grant_award.id", index=True)
    takes_up_id: int | None = Field(default=None, foreign_key="allocation.id", index=True)
    """The allocation that this grant to an accountable body takes up."""
    delegation_id: int | None = Field(default=None, foreign_key="delegation.id", index=True)
    payer_id: int = Field(foreign_key="agency.id")
    recipient_id: int = Field(foreign_key="agency.id", index=True)
    instrument: str = Field(max_length=20)
    kind: str = Field(max_length=20)
    purpose: str = Field(max_length=500)
    reasons: str = Field(default="", sa_type=Text)
    priority: str | None = Field(default=None, max_length=80)
    theme: str | None = Field(default=None, max_length=80)
    managed_by: str | None = Field(default=None, max_length=80)
    """Code of the managing group."""
    paid_in: str = Field(max_length=20)
    starts: date
    ends: date
    acceptance_due_on: date | None = None
    ledger_code: str = Field(default="", max_length=80)
    state: str = Field(max_length=20)
    """`domain.grants.grant.GrantState`."""
    state_reason: str = Field(default="", sa_type=Text)
    version_number: int = 0
    """The version that stands; 0 while it is only proposed."""
    terms: dict[str, Any] = Field(default_factory=dict, sa_type=Listed)
    """Amounts and funding as proposed or as they stand (`domain.grants.terms`)."""
    proposed_by_id: int | None = Field(default=None, foreign_key="person.id")
    """Whose decision it may not be; None where it came with the plan document."""
