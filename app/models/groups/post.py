"""A post: an office in an agency, never the person who holds it."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Text
from typing_extensions import TypedDict

from app.domain.groups.post import PostOccupancy
from app.models.access.person import Email
from app.models.plan.partnership import NamedOut
from app.models.row import TrackedRow
from app.models.wire import Code, Day, DayText, In, Line, Prose


class Post(TrackedRow, table=True):
    __table_args__ = (UniqueConstraint("partnership_id", "code"),)

    partnership_id: int = Field(foreign_key="partnership.id")
    position: int
    code: str = Field(max_length=80)
    title: str = Field(max_length=500)
    agency_id: int = Field(foreign_key="agency.id")
    filled_from: date | None = None
    filled_until: date | None = None
    """Last day that somebody is in it. Without either day it is not recorded whether it is filled."""
    deputy: str | None = Field(default=None, max_length=80)
    """Code of the post that stands in for it."""
    email: str | None = Field(default=None, max_length=254)
    """The post's own address, or its shared mailbox."""
    note: str = Field(default="", sa_type=Text)


class PostOut(TypedDict):
    id: str
    code: str
    title: str
    agency: NamedOut
    filled_from: DayText | None
    filled_until: DayText | None
    occupancy: PostOccupancy
    """Today."""
    occupancy_label: str
    deputy: NamedOut | None
    email: str | None
    note: str
    version: int


class PostIn(In):
    """A post of an agency of this partnership. Its title names no person."""

    EXAMPLE = {
        "code": "area-commander",
        "title": "Area commander",
        "agency": "police",
        "filled_from": "2017-04-03",
    }

    code: Code
    title: Line
    agency: Code
    filled_from: Day | None = None
    filled_until: Day | None = None
    deputy: Code | None = None
    email: Email | None = None
    note: Prose = ""


class PostPatch(In):
    """What is absent stays; null takes away a day, a deputy or an address. Its agency stays: make a new post."""

    EXAMPLE = {"filled_until": "2018-03-31"}

    title: Line | None = None
    filled_from: Day | None = None
    filled_until: Day | None = None
    deputy: Code | None = None
    email: Email | None = None
    note: Prose | None = None
