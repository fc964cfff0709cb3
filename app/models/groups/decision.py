"""A decision, of a group or another body, and what it decided; and an action that arose at a meeting."""

from datetime import date

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import BigInteger, Field, Text

from app.models.row import Recorded, TrackedRow


class Decision(TrackedRow, Recorded, table=True):
    """A decision. What it decided may name it, and it names that by collection and id, as an address does."""

    __table_args__ = (
        UniqueConstraint("partnership_id", "code"),
        Index("ix_decision_subject", "partnership_id", "subject_kind", "subject_ref"),
    )

    partnership_id: int = Field(foreign_key="partnership.id")
    code: str = Field(max_length=80)
    group_id: int | None = Field(default=None, foreign_key="partnership_group.id", index=True)
    """None for a decision of another body."""
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)
    number: int | None = None
    """Of the item at the meeting that it was made on."""
    route: str = Field(max_length=20)
    """`domain.groups.decision.Route`."""
    decided_on: date
    text: str = Field(sa_type=Text)
    outcome: str = Field(max_length=30)
    """`domain.groups.decision.Outcome`."""
    reasons: str = Field(default="", sa_type=Text)
    conditions: str = Field(default="", sa_type=Text)
    amount: int | None = Field(default=None, sa_type=BigInteger)
    """Money that it grants or refuses, in pence."""
    evidence: str = Field(default="", sa_type=Text)
    """A letter and its day, where no meeting stands for it."""
    subject_kind: str | None = Field(default=None, max_length=40)
    """Collection of what it decided: `plans`, `reporting-periods`."""
    subject_ref: str | None = Field(default=None, max_length=200)
    """Id or code of what it decided, in that collection."""
    ratified_at_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)
    """The meeting that ratified it."""
    on_behalf_of: str | None = Field(default=None, max_length=80)
    """Code of the post whose word this is, where somebody else entered it."""
    heard_how: str = Field(default="", max_length=500)
    """ "By telephone, 12 October"."""


class MeetingAction(TrackedRow, table=True):
    """An action that arose at a meeting, owned by a post."""

    __tablename__ = "meeting_action"
    __table_args__ = (UniqueConstraint("partnership_id", "code"),)

    partnership_id: int = Field(foreign_key="partnership.id")
    code: str = Field(max_length=80)
    group_id: int = Field(foreign_key="partnership_group.id", index=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    decision_id: int | None = Field(default=None, foreign_key="decision.id", index=True)
    text: str = Field(sa_type=Text)
    owner: str | None = Field(default=None, max_length=80)
    """Code of a post."""
    due_on: date | None = None
    state: str = Field(max_length=20)
    """`domain.groups.meeting_action.ActionState`."""
    done_on: date | None = None
    progress: str = Field(default="", sa_type=Text)
    what_changed: str = Field(default="", sa_type=Text)
    on_behalf_of: str | None = Field(default=None, max_length=80)
    heard_how: str = Field(default="", max_length=500)
