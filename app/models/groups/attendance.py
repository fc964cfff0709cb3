"""Who came to a meeting, and what papers printed of it."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic.functional_validators import AfterValidator
from sqlalchemy import UniqueConstraint
from sqlmodel import Field
from typing_extensions import TypedDict

from app.domain.groups.attendance import AttendanceStatus
from app.domain.groups.meeting import MeetingKind, MeetingState
from app.models.plan.partnership import NamedOut
from app.models.row import TrackedRow
from app.models.wire import Code, DayText, In, PeriodWritten, one_line

StatusIn = Literal["present", "deputy", "remote", "apologies", "absent", "not_recorded"]


class Attendance(TrackedRow, table=True):
    """What is recorded of a member at a meeting. Of a member without a row it is not recorded."""

    __table_args__ = (UniqueConstraint("meeting_id", "post_id"),)

    meeting_id: int = Field(foreign_key="meeting.id")
    post_id: int = Field(foreign_key="post.id", index=True)
    status: str = Field(max_length=20)
    """`domain.groups.attendance.AttendanceStatus`, of those that can be recorded."""
    on_behalf_of: str | None = Field(default=None, max_length=80)
    """Code of the post whose word this is, where somebody else entered it."""
    heard_how: str = Field(default="", max_length=500)
    """ "By telephone, 12 October"."""


class PublishedAttendance(TrackedRow, table=True):
    """What a paper printed of an authority's attendance in a year; ours is worked out beside it."""

    __tablename__ = "published_attendance"
    __table_args__ = (UniqueConstraint("group_id", "year", "agency_id"),)

    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    group_id: int = Field(foreign_key="partnership_group.id")
    year: str = Field(max_length=7)
    position: int
    agency_id: int = Field(foreign_key="agency.id")
    percent: int
    attended: int | None = None
    source: str = Field(default="", max_length=500)


class AttendanceIn(In):
    """What is recorded of one member; `not_recorded` takes it back."""

    post: Code
    status: StatusIn
    on_behalf_of: Code | None = None
    """Post whose word this is. With this or `heard_how` the row has a source of its own, and not the request's."""
    heard_how: Annotated[str, Field(max_length=500), AfterValidator(one_line)] = ""


class MeetingAttendanceIn(In):
    """Attendance of the members named. Of those not named it stays, unless `others` says it for all of them."""

    EXAMPLE: ClassVar[dict[str, Any]] = {"others": "present", "attendance": []}

    attendance: list[AttendanceIn] = Field(default=[], max_length=500)
    others: StatusIn | None = None
    on_behalf_of: Code | None = None
    """Post whose word this is. It is stored beside what this request changes."""
    heard_how: Annotated[str, Field(max_length=500), AfterValidator(one_line)] = ""


class CountedMeetingOut(TypedDict):
    code: str
    day: DayText
    kind: MeetingKind
    kind_label: str
    state: MeetingState
    state_label: str


class AttendanceCellOut(TypedDict):
    meeting: str
    """Its code."""
    status: AttendanceStatus
    label: str


class PublishedAttendanceOut(TypedDict):
    """What a paper printed, and how it differs from ours; `words` is empty where it does not."""

    percent: int
    attended: int | None
    source: str
    words: str


class AttendanceRowOut(TypedDict):
    """An authority's attendance, however many posts it has in the group."""

    agency: NamedOut
    agency_kind: str
    is_responsible_authority: bool
    cells: list[AttendanceCellOut]
    attended: int
    meetings: int
    not_recorded: int
    percent: int | None
    """Whole, a half rounded up; null where no meeting was held while it was a member."""
    words: str
    published: PublishedAttendanceOut | None


class AttendanceTableOut(TypedDict):
    group: NamedOut
    period: PeriodWritten
    period_label: str
    meetings: list[CountedMeetingOut]
    outside: list[CountedMeetingOut]
    """Circulated by e-mail, cancelled or still planned: not counted."""
    rows: list[AttendanceRowOut]
    notes: list[str]
    """What a reader should know: who is no responsible authority, what is not recorded."""
