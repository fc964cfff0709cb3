"""A group of the partnership, or of another body, and its members over time."""

from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic.functional_validators import AfterValidator
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Text
from typing_extensions import TypedDict

from app.domain.groups.group import GroupKind
from app.models.column import Listed
from app.models.plan.partnership import NamedOut
from app.models.row import TrackedRow
from app.models.wire import Code, Day, DayText, In, Line, Prose, WholeNumber, one_line

ShortText = Annotated[str, Field(max_length=500), AfterValidator(one_line)]


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


class GroupDocumentIn(In):
    """A document of a group: its terms of reference, a sharing agreement."""

    title: Line
    dated_on: Day | None = None
    address: Line | None = None
    """Where it can be read."""


class ForwardItemIn(In):
    """Business to come that has no meeting yet."""

    title: Line
    expected: Line
    """When, in words: "January 2018"."""


class GroupIn(In):
    """A group. A task group has a last day; a group of another body names that body."""

    EXAMPLE = {
        "code": "safer-redditch",
        "name": "Safer Redditch Group",
        "kind": "operational",
        "cycle": "Every six weeks",
        "cycle_rule": "every 6 weeks",
    }

    code: Code
    name: Line
    kind: GroupKind
    parent: Code | None = None
    belongs_to: Line | None = None
    cycle: ShortText = ""
    cycle_rule: Line | None = None
    remit: Prose = ""
    documents: list[GroupDocumentIn] = Field(default=[], max_length=50)
    chair: Code | None = None
    vice_chair: Code | None = None
    quorum: WholeNumber | None = None
    begins_on: Day | None = None
    ends_on: Day | None = None
    also_printed: list[Line] = Field(default=[], max_length=20)
    forward_plan: list[ForwardItemIn] = Field(default=[], max_length=100)
    note: Prose = ""


class GroupPatch(In):
    """What is absent stays; null takes away what may be absent. Lists are replaced."""

    EXAMPLE = {"remit": "Repeat victims, and places that people complain of"}

    name: Line | None = None
    kind: GroupKind | None = None
    parent: Code | None = None
    belongs_to: Line | None = None
    cycle: ShortText | None = None
    cycle_rule: Line | None = None
    remit: Prose | None = None
    documents: list[GroupDocumentIn] | None = Field(default=None, max_length=50)
    chair: Code | None = None
    vice_chair: Code | None = None
    quorum: WholeNumber | None = None
    begins_on: Day | None = None
    ends_on: Day | None = None
    also_printed: list[Line] | None = Field(default=None, max_length=20)
    forward_plan: list[ForwardItemIn] | None = Field(default=None, max_length=100)
    note: Prose | None = None


class GroupMemberIn(In):
    """A post's membership, from a day to a day, both included; absent is open."""

    post: Code
    begins_on: Day | None = None
    ends_on: Day | None = None


class GroupMembersIn(In):
    """All memberships of a group, those that ended too. One that is left out is taken away."""

    EXAMPLE: ClassVar[dict[str, Any]] = {"members": [{"post": "area-commander", "begins_on": "2017-04-03"}]}

    members: list[GroupMemberIn] = Field(max_length=500)


class GroupDocumentOut(TypedDict):
    title: str
    dated_on: DayText | None
    address: str | None


class ForwardItemOut(TypedDict):
    title: str
    expected: str


class GroupMemberOut(TypedDict):
    post: NamedOut
    agency: NamedOut
    begins_on: DayText | None
    ends_on: DayText | None


class GroupOut(TypedDict):
    id: str
    code: str
    name: str
    kind: GroupKind
    kind_label: str
    parent: NamedOut | None
    belongs_to: str | None
    """The body that it is a group of, where that is not this partnership."""
    cycle: str
    cycle_rule: str | None
    remit: str
    documents: list[GroupDocumentOut]
    chair: NamedOut | None
    vice_chair: NamedOut | None
    quorum: int | None
    begins_on: DayText | None
    ends_on: DayText | None
    also_printed: list[str]
    forward_plan: list[ForwardItemOut]
    note: str
    members: list[GroupMemberOut]
    """Over time; those that ended too."""
    version: int


class GroupWithDaysOut(GroupOut):
    """A group, and when it should meet by its rule."""

    last_meeting_on: DayText | None
    """The latest that was held or is planned."""
    next_days: list[DayText]
    """By its rule, after the latest meeting, for a year from today."""
