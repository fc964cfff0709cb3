"""An agency's numbers in public registers, and requests that add agencies and numbers."""

from datetime import date
from typing import Literal

from pydantic import Field as Described
from pydantic import StrictBool
from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.domain.grants.identifier import Register
from app.models.row import TrackedRow
from app.models.wire import Code, Day, In, Line

AgencyKind = Literal["responsible_authority", "co_operating_body", "provider", "funder", "other"]


class AgencyIdentifier(TrackedRow, table=True):
    """An organisation's number in a public register. Two agencies cannot have one number."""

    __tablename__ = "agency_identifier"
    __table_args__ = (UniqueConstraint("scheme", "value"), UniqueConstraint("agency_id", "scheme"))

    agency_id: int = Field(foreign_key="agency.id")
    scheme: str = Field(max_length=20)
    """`domain.grants.identifier.Register`."""
    value: str = Field(max_length=40)
    checked_on: date | None = None
    """When somebody compared it with the register."""


class IdentifierIn(In):
    scheme: Register
    value: Line
    checked_on: Day | None = None


class AgencyIn(In):
    EXAMPLE = {
        "code": "holme-lane",
        "name": "Holme Lane Residents",
        "kind": "provider",
        "identifiers": [{"scheme": "GB-CHC", "value": "1000000", "checked_on": "2017-12-01"}],
    }

    code: Code
    name: Line
    kind: AgencyKind = "provider"
    is_recipient: StrictBool = Described(
        default=True,
        description="It is here for a grant alone: lists of agencies leave it out unless they are asked for "
        "recipients.",
    )
    identifiers: list[IdentifierIn] = Described(default=[], max_length=5)


class AgencyPatch(In):
    """Adds the numbers named, and the days on which they were checked."""

    EXAMPLE = {"identifiers": [{"scheme": "GB-CHC", "value": "1000000", "checked_on": "2017-12-01"}]}

    identifiers: list[IdentifierIn] = Described(min_length=1, max_length=5)
