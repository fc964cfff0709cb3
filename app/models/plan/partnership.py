"""A Community Safety Partnership, the areas it covers and the agencies in it."""

from datetime import date

from pydantic import Field as Described
from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel
from typing_extensions import TypedDict

from app.domain.grants.identifier import Register
from app.models.row import TrackedRow
from app.models.wire import Day, DayText, In, Reason


class Partnership(TrackedRow, table=True):
    code: str = Field(max_length=80, unique=True)
    name: str = Field(max_length=500)
    short_name: str = Field(max_length=500)
    area_code: str = Field(max_length=80)
    """Its own area: where a figure is counted when it names none."""
    owed_from: date | None = None
    """Figures of periods that end before it are not owed; None, those of the whole plan are."""


class Area(TrackedRow, table=True):
    """A place figures are counted in: GSS-coded, or locally defined with dates of designation."""

    __table_args__ = (UniqueConstraint("partnership_id", "code"),)

    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    position: int
    code: str = Field(max_length=80)
    name: str = Field(max_length=500)
    kind: str = Field(max_length=40)
    within: str | None = Field(default=None, max_length=80)
    designated_from: str | None = Field(default=None, max_length=10)
    designated_to: str | None = Field(default=None, max_length=10)


class Agency(TrackedRow, table=True):
    """An organisation. One row a deployment: a police force serves several partnerships with one key."""

    code: str = Field(max_length=80, unique=True)
    name: str = Field(max_length=500)
    kind: str = Field(max_length=40)


class PartnershipAgency(SQLModel, table=True):
    __tablename__ = "partnership_agency"

    partnership_id: int = Field(foreign_key="partnership.id", primary_key=True)
    agency_id: int = Field(foreign_key="agency.id", primary_key=True)
    position: int
    is_recipient: bool = False
    """Is here for a grant alone, so that lists of agencies leave it out unless they are asked for recipients."""


class NamedOut(TypedDict):
    """A thing by its code and name."""

    code: str
    name: str


class PartnershipOut(TypedDict):
    id: str
    code: str
    name: str
    short_name: str
    area: str
    owed_from: DayText | None
    """Figures of periods that end before it are not owed; null, those of the whole plan are."""


class PartnershipPatch(In):
    """Changes the fields named."""

    EXAMPLE = {"owed_from": "2018-04-01", "reason": "Joined in the plan's second year"}

    owed_from: Day | None = Described(
        default=None,
        description="The day from which figures are owed: those of periods that end before it are not asked for. "
        "Null, those of the whole plan are owed.",
    )
    reason: Reason = Described(description="Why; kept in the audit record.")


class AreaOut(TypedDict):
    id: str
    code: str
    name: str
    kind: str
    within: str | None
    designated_from: str | None
    designated_to: str | None


class IdentifierOut(TypedDict):
    """An organisation's number in a public register."""

    scheme: Register
    value: str
    checked_on: DayText | None
    """When somebody compared it with the register; null, nobody has."""


class AgencyOut(TypedDict):
    id: str
    code: str
    name: str
    kind: str
    identifiers: list[IdentifierOut]
