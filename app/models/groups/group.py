"""A group of the partnership, or of another body, and its members over time."""

from datetime import date

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Text

from app.models.column import Listed
from app.models.row import TrackedRow


class Group(TrackedRow, table=True):
    __tablename__ = "partnership_group"
    __table_args__ = (UniqueConstraint("partnership_id", "code"),)

    partnership_id: int = Field(foreign_key="partnership.id")
    position: int
    code: str = Field(max_length=80)
    name: str = Field(max_length=500)
    kind: str = Field(max_length=20)
    """`domain.groups.group.GroupKind`."""
    parent: str | None = Field(default=None, max_length=80)
    """Code of the group that it reports to."""
    belongs_to: str | None = Field(default=None, max_length=500)
    """The body that it is a group of, where that is not this partnership."""
    cycle: str = Field(default="", max_length=500)
    """How often it meets, in its own words."""
    cycle_rule: str | None = Field(default=None, max_length=40)
    """The same as `domain.groups.cycle` reads it: "every 6 weeks"."""
    remit: str = Field(default="", sa_type=Text)
    documents: list[dict[str, str | None]] = Field(default_factory=list, sa_type=Listed)
    """`title`, `dated_on` and `address` of each: terms of reference, a sharing agreement."""
    chair: str | None = Field(default=None, max_length=80)
    vice_chair: str | None = Field(default=None, max_length=80)
    """Codes of posts."""
    quorum: int | None = None
    begins_on: date | None = None
    ends_on: date | None = None
    also_printed: list[str] = Field(default_factory=list, sa_type=Listed)
    """Other names that papers print for it."""
    forward_plan: list[dict[str, str]] = Field(default_factory=list, sa_type=Listed)
    """Business to come that has no meeting yet: `title`, and `expected` in words."""
    note: str = Field(default="", sa_type=Text)


class GroupMember(TrackedRow, table=True):
    """A post's membership of a group, from a day to a day. Both days are included, and None is open."""

    __tablename__ = "group_member"
    __table_args__ = (Index("ix_group_member_group", "group_id"),)

    group_id: int = Field(foreign_key="partnership_group.id")
    position: int
    post_id: int = Field(foreign_key="post.id")
    begins_on: date | None = None
    ends_on: date | None = None
