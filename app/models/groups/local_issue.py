"""A local issue: a problem at a place that a group works on. It is never about a person."""

from datetime import date
from typing import Literal

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Text
from typing_extensions import TypedDict

from app.domain.groups.local_issue import LocalIssueState
from app.models.plan.partnership import NamedOut
from app.models.row import TrackedRow
from app.models.wire import Code, Day, DayText, In, Line, OptionalLine, Prose, Reason


class LocalIssue(TrackedRow, table=True):
    __tablename__ = "local_issue"
    __table_args__ = (UniqueConstraint("partnership_id", "code"),)

    partnership_id: int = Field(foreign_key="partnership.id")
    position: int
    code: str = Field(max_length=80)
    title: str = Field(max_length=500)
    raised_by: str = Field(default="", max_length=500)
    raised_on: date | None = None
    area: str | None = Field(default=None, max_length=80)
    """Code of an area."""
    group: str | None = Field(default=None, max_length=80)
    """Code of the group that works on it."""
    profile: str = Field(default="", sa_type=Text)
    """What was found: when, where, who is harmed, as kinds and numbers."""
    done: str = Field(default="", sa_type=Text)
    changed: str = Field(default="", sa_type=Text)
    state: str = Field(default=LocalIssueState.OPEN.value, max_length=10)
    """`domain.groups.local_issue.LocalIssueState`."""
    closed_on: date | None = None
    note: str = Field(default="", sa_type=Text)


class LocalIssueOut(TypedDict):
    id: str
    code: str
    title: str
    raised_by: str
    raised_on: DayText | None
    area: NamedOut | None
    group: NamedOut | None
    profile: str
    """What was found."""
    done: str
    """What was done about it."""
    changed: str
    """What has changed since."""
    state: LocalIssueState
    state_label: str
    closed_on: DayText | None
    note: str
    version: int
    may: list[Literal["close", "reopen"]]


class LocalIssueIn(In):
    """A problem at a place. Name no person."""

    EXAMPLE = {
        "title": "Anti-social behaviour after dark",
        "raised_by": "Ward officers",
        "raised_on": "2017-10-02",
    }

    code: Code | None = None
    title: Line
    raised_by: OptionalLine = ""
    raised_on: Day | None = None
    area: Code | None = None
    group: Code | None = None
    profile: Prose = ""
    done: Prose = ""
    changed: Prose = ""
    note: Prose = ""


class LocalIssuePatch(In):
    """What is absent stays. A day, an area or a group is emptied by null."""

    EXAMPLE = {"done": "Lights mended in October"}

    title: Line | None = None
    raised_by: OptionalLine | None = None
    raised_on: Day | None = None
    area: Code | None = None
    group: Code | None = None
    profile: Prose | None = None
    done: Prose | None = None
    changed: Prose | None = None
    note: Prose | None = None


class LocalIssueCloseIn(In):
    EXAMPLE = {"changed": "98 incidents in July to September, 109 a year before"}

    changed: Reason
    """What has changed: an issue is not closed without it."""
    closed_on: Day | None = None


class LocalIssueReopenIn(In):
    EXAMPLE = {"reason": "It began again in November"}

    reason: Reason
