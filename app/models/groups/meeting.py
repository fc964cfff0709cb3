"""A meeting of a group, its items of business, and who came."""

from datetime import date

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Text

from app.models.row import TrackedRow


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


class MeetingItem(TrackedRow, table=True):
    """An item of business. Of a meeting to come it is a part of the forward plan."""

    __tablename__ = "meeting_item"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    meeting_id: int = Field(foreign_key="meeting.id")
    number: int
    """On the agenda, from 1."""
    title: str = Field(max_length=500)
    handling: str = Field(max_length=20)
    """`domain.groups.meeting.Handling`."""
    text: str = Field(default="", sa_type=Text)


class Attendance(TrackedRow, table=True):
    """What is recorded of a member at a meeting. Of a member without a row it is not recorded."""

    __table_args__ = (UniqueConstraint("meeting_id", "post_id"),)

    meeting_id: int = Field(foreign_key="meeting.id")
    post_id: int = Field(foreign_key="post.id", index=True)
    status: str = Field(max_length=20)
    """`domain.groups.attendance.AttendanceStatus`, of those that can be recorded."""


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
