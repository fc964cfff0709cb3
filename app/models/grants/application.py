"""An application to a round: what is asked for, and what was decided about it."""

from datetime import date
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import BigInteger, Field, Text

from app.models.column import Listed
from app.models.row import TrackedRow


class Application(TrackedRow, table=True):
    """Amounts in pence. What is asked for and what is approved never stand in one column."""

    __table_args__ = (UniqueConstraint("partnership_id", "code"),)

    partnership_id: int = Field(foreign_key="partnership.id")
    round_id: int = Field(foreign_key="funding_round.id", index=True)
    code: str = Field(max_length=80)
    applicant_id: int = Field(foreign_key="agency.id", index=True)
    """The lead, where several apply jointly."""
    title: str = Field(max_length=500)
    lines: list[dict[str, Any]] = Field(default_factory=list, sa_type=Listed)
    """Project lines: title, priority, theme, amounts by year and kind."""
    amount_asked: int = Field(sa_type=BigInteger)
    """In the round's financial year."""
    amount_asked_later: int = Field(default=0, sa_type=BigInteger)
    """In other years."""
    amount_approved: int | None = Field(default=None, sa_type=BigInteger)
    match_funding: list[dict[str, Any]] = Field(default_factory=list, sa_type=Listed)
    """Other money: source, amount, whether it is secured, by when."""
    in_kind: str = Field(default="", sa_type=Text)
    outcomes: list[dict[str, Any]] = Field(default_factory=list, sa_type=Listed)
    """Outcomes sought: title, unit, target."""
    need: str = Field(default="", sa_type=Text)
    need_indicator: str | None = Field(default=None, max_length=80)
    """Code of an indicator that shows the need."""
    cohesion: str = Field(default="", sa_type=Text)
    advice: str = Field(default="", sa_type=Text)
    """How it fits the plan, as the partnership's adviser says."""
    on_behalf: str = Field(default="", max_length=500)
    state: str = Field(max_length=20)
    """`domain.grants.application_steps.ApplicationState`."""
    state_reason: str = Field(default="", sa_type=Text)
    sent_on: date | None = None
    sent_by_id: int | None = Field(default=None, foreign_key="person.id")
    """Whose decision it may not be; None where it came with the plan document."""
    decided_on: date | None = None
    decision: str | None = Field(default=None, max_length=80)
    """Code of the decision."""
    feedback: str = Field(default="", sa_type=Text)
    """For the applicant's letter."""
    told_on: date | None = None
    """When the letter was sent."""
    grant_id: int | None = Field(default=None, foreign_key="grant_award.id", index=True)


class ApplicationShare(TrackedRow, table=True):
    """An organisation of a joint application, the lead among them."""

    __tablename__ = "application_share"
    __table_args__ = (UniqueConstraint("application_id", "agency_id"),)

    application_id: int = Field(foreign_key="application.id")
    agency_id: int = Field(foreign_key="agency.id", index=True)
    percent: int
