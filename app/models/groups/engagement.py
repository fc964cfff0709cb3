"""An engagement: when and where the partnership heard people, what it heard, and what was done about it."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Text
from typing_extensions import TypedDict

from app.domain.groups.engagement import EngagementFollowUp
from app.models.plan.partnership import NamedOut
from app.models.row import TrackedRow
from app.models.wire import Code, Day, DayText, In, Line, OptionalLine, Prose


class Engagement(TrackedRow, table=True):
    __table_args__ = (UniqueConstraint("partnership_id", "code"),)

    partnership_id: int = Field(foreign_key="partnership.id")
    position: int
    code: str = Field(max_length=80)
    title: str = Field(max_length=500)
    begins_on: date
    ends_on: date | None = None
    """Last day, of one that took longer than a day."""
    place: str = Field(default="", max_length=500)
    area: str | None = Field(default=None, max_length=80)
    """Code of an area."""
    group: str | None = Field(default=None, max_length=80)
    """Code of the group that held it."""
    people: str = Field(default="", max_length=500)
    """With whom, as kinds and numbers."""
    heard: str = Field(default="", sa_type=Text)
    done: str = Field(default="", sa_type=Text)
    note: str = Field(default="", sa_type=Text)


class EngagementOut(TypedDict):
    id: str
    code: str
    title: str
    begins_on: DayText
    ends_on: DayText | None
    place: str
    area: NamedOut | None
    group: NamedOut | None
    people: str
    """With whom it was."""
    heard: str
    """What was heard."""
    done: str
    """What was done about it."""
    follow_up: EngagementFollowUp
    note: str
    version: int


class EngagementIn(In):
    """Name no person."""

    EXAMPLE = {
        "title": "Day of action",
        "begins_on": "2017-11-18",
        "place": "The market",
        "people": "About 60 traders and shoppers",
        "heard": "Lighting and parking",
    }

    code: Code | None = None
    title: Line
    begins_on: Day
    ends_on: Day | None = None
    place: OptionalLine = ""
    area: Code | None = None
    group: Code | None = None
    people: OptionalLine = ""
    heard: Prose = ""
    done: Prose = ""
    note: Prose = ""


class EngagementPatch(In):
    """What is absent stays. A last day, an area or a group is emptied by null."""

    EXAMPLE = {"done": "The council mended the lights in December"}

    title: Line | None = None
    begins_on: Day | None = None
    ends_on: Day | None = None
    place: OptionalLine | None = None
    area: Code | None = None
    group: Code | None = None
    people: OptionalLine | None = None
    heard: Prose | None = None
    done: Prose | None = None
    note: Prose | None = None
