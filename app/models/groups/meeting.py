"""A meeting of a group, its items of business, and who came."""

from datetime import date
from typing import Any, ClassVar, Literal

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Text
from typing_extensions import TypedDict

from app.domain.groups.attendance import AttendanceStatus
from app.domain.groups.meeting import AgendaItemHandling, MeetingKind, MeetingState
from app.models.groups.decision import DecisionOut, MeetingRefOut
from app.models.groups.meeting_action import MeetingActionOut
from app.models.plan.partnership import NamedOut
from app.models.row import TrackedRow
from app.models.wire import Code, Day, DayText, In, Line, Prose, Reason, WholeNumber


class Meeting(TrackedRow, table=True):
    __table_args__ = (
        UniqueConstraint("partnership_id", "code"),
        Index("ix_meeting_group", "group_id", "day"),
    )

    partnership_id: int = Field(foreign_key="partnership.id")
    group_id: int = Field(foreign_key="partnership_group.id")
    code: str = Field(max_length=80)
    day: date
    kind: str = Field(max_length=20)
    """`domain.groups.meeting.MeetingKind`."""
    state: str = Field(max_length=20)
    """`domain.groups.meeting.MeetingState`."""
    state_reason: str = Field(default="", sa_type=Text)
    note: str = Field(default="", sa_type=Text)
    quorum: int | None = None
    """Of its day; 0 where the group had none. None until it was held: the group's own counts."""


class MeetingItem(TrackedRow, table=True):
    """An item of business. Of a meeting to come it is a part of the forward plan."""

    __tablename__ = "meeting_item"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    meeting_id: int = Field(foreign_key="meeting.id")
    number: int
    """On the agenda, from 1."""
    title: str = Field(max_length=500)
    handling: str = Field(max_length=20)
    """`domain.groups.meeting.AgendaItemHandling`."""
    text: str = Field(default="", sa_type=Text)


class AgendaItemIn(In):
    """An item of business. Without a number it follows the one before it."""

    title: Line
    number: WholeNumber | None = None
    handling: AgendaItemHandling | None = None
    """Absent: still to come, or considered where the meeting was held."""
    text: Prose = ""


class AgendaIn(In):
    """The whole agenda. An item that is left out is taken away, unless a decision was made on it."""

    EXAMPLE: ClassVar[dict[str, Any]] = {"items": [{"title": "Performance, July to September"}]}

    items: list[AgendaItemIn] = Field(max_length=200)


class MeetingIn(In):
    """A meeting to come, or one that was: a step then says whether it was held."""

    EXAMPLE = {"group": "board", "day": "2018-03-23"}

    group: Code
    day: Day
    kind: MeetingKind = MeetingKind.ORDINARY
    code: Code | None = None
    """Absent: the group's code and the day."""
    note: Prose = ""
    items: list[AgendaItemIn] = Field(default=[], max_length=200)


class MeetingPatch(In):
    """What is absent stays. Its group stays too. Its quorum is the group's when it is recorded as held."""

    EXAMPLE = {"note": "In the town hall"}

    day: Day | None = None
    kind: MeetingKind | None = None
    note: Prose | None = None
    quorum: WholeNumber | None = None
    """The group's on the meeting's day, where it was another than now; 0 where it had none."""


class MeetingStepIn(In):
    """Why, where there is something to say."""

    EXAMPLE = {"reason": "Snow: moved to January"}

    reason: Prose = ""


class MeetingTakeBackIn(In):
    EXAMPLE = {"reason": "The wrong meeting was marked"}

    reason: Reason


class AgendaItemOut(TypedDict):
    number: int
    title: str
    handling: AgendaItemHandling
    handling_label: str
    text: str


class MeetingOut(TypedDict):
    id: str
    code: str
    group: NamedOut
    day: DayText
    year: str
    """Its financial year, such as 2017-18."""
    kind: MeetingKind
    kind_label: str
    state: MeetingState
    state_label: str
    state_reason: str
    counts_for_attendance: bool
    """Not one by e-mail, nor one that did not take place."""
    note: str
    items: list[AgendaItemOut]
    version: int


class ExpectedMemberOut(TypedDict):
    """A member on the meeting's day, and what is recorded of it."""

    post: NamedOut
    agency: NamedOut
    status: AttendanceStatus
    status_label: str
    on_behalf_of: NamedOut | None
    """Whose word this is, where somebody else entered it."""
    heard_how: str


class QuorumOut(TypedDict):
    needed: int | None
    attended: int
    not_recorded: int
    is_met: bool | None
    """Null where no quorum is set, or those not recorded decide it."""
    words: str


class MeetingWithPartsOut(MeetingOut):
    """A meeting with who came, what was decided and what is to be done."""

    attendance: list[ExpectedMemberOut]
    quorum: QuorumOut
    decisions: list[DecisionOut]
    """Made at it."""
    ratified: list[DecisionOut]
    """Made earlier, and ratified at it."""
    actions: list[MeetingActionOut]
    may: list[Literal["hold", "cancel", "inquorate", "take_back"]]


class ForwardPlanItemOut(TypedDict):
    """Business to come: on the agenda of a planned meeting, or without one yet."""

    group: NamedOut
    meeting: MeetingRefOut | None
    expected: str
    """When, in words."""
    title: str
    text: str
