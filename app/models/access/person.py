"""People, their memberships of partnerships, and their sign-in."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import StrictBool
from pydantic.functional_validators import AfterValidator
from pydantic_core import PydanticCustomError
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel
from typing_extensions import TypedDict

from app.domain.access.authority import Role
from app.models.column import Instant
from app.models.plan.partnership import NamedOut
from app.models.row import Row, TrackedRow
from app.models.wire import Code, DayText, In, InstantText, Line, printable

EMAIL = re.compile(r"[!-?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def _email(text: str) -> str:
    """Normalises an address to lower case. ASCII only, so that two addresses which look alike are equal."""
    if EMAIL.fullmatch(text.strip()) is None:
        raise PydanticCustomError("bad_email", "Expected an email address, such as analyst@agency.example")
    return text.strip().lower()


PersonName = Annotated[Line, Field(max_length=120)]
"""Limited, as every audit event of the person contains it."""
Email = Annotated[str, Field(min_length=3, max_length=254), AfterValidator(_email)]


class Person(TrackedRow, table=True):
    email: str = Field(max_length=254, unique=True)
    """Lower case."""
    name: str = Field(max_length=500)
    password_hash: str | None = Field(default=None, max_length=200)
    """Argon2id; None until the invitation is accepted."""
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)


class Membership(TrackedRow, table=True):
    """A person's role in a partnership; a contributor's also names the agency they post for."""

    __table_args__ = (UniqueConstraint("person_id", "partnership_id"),)

    person_id: int = Field(foreign_key="person.id", index=True)
    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    role: str = Field(max_length=20)
    invited_as: str | None = Field(default=None, max_length=120)
    """Name in this partnership, if another partnership invited the person first by another name."""


class SignIn(SQLModel, table=True):
    """A server-side session. Only the token's hash is stored."""

    __tablename__ = "sign_in"

    token_hash: str = Field(primary_key=True, max_length=64)
    person_id: int = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=Instant)
    last_used_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)


class OneTimeLink(SQLModel, table=True):
    """An invitation or a password reset, valid once."""

    __tablename__ = "one_time_link"

    token_hash: str = Field(primary_key=True, max_length=64)
    person_id: int = Field(foreign_key="person.id", index=True)
    purpose: str = Field(max_length=10)
    """invite or reset."""
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class SignInDevice(SQLModel, table=True):
    """A browser or program that a person signed in on. It has a mark, of which only the hash is stored."""

    __tablename__ = "sign_in_device"

    mark_hash: str = Field(primary_key=True, max_length=64)
    person_id: int = Field(foreign_key="person.id", index=True)
    sign_in: str = Field(max_length=64)
    """Token hash of the session that the mark was issued with, which may have ended; empty for a one-time link's."""
    expires_at: datetime = Field(sa_type=Instant)


class SignInGuess(Row, table=True):
    """A recent guess at an account's password, whether or not there is such an account."""

    __tablename__ = "sign_in_guess"
    __table_args__ = (
        Index("ix_sign_in_guess_account_at", "account", "at"),
        Index("ix_sign_in_guess_origin_at", "origin", "at"),
        {"sqlite_autoincrement": True},
    )

    account: str = Field(max_length=64)
    """SHA-256 of the email address."""
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    """Owner of the account, if there is one."""
    origin: str = Field(max_length=50)
    """Network of the sender; deleted after a day."""
    device: str = Field(default="", max_length=80)
    budget: str = Field(max_length=10)
    """first, repeat or device."""
    at: datetime = Field(sa_type=Instant, index=True)
    forgiven: bool = False
    """Whether the right password followed from the same device or origin."""


class SessionIn(In):
    EXAMPLE = {"email": "officer@council.example", "password": "kestrel pewter orchard vane"}

    email: Annotated[str, AfterValidator(printable)] = Field(min_length=3, max_length=254)
    password: str = Field(min_length=1, max_length=1_000)
    device: Annotated[str, AfterValidator(printable)] | None = Field(default=None, max_length=200)
    """The `device` of an earlier sign-in, or the one-time link's token with which the password was just set."""


class SessionOut(TypedDict):
    token: str
    expires_at: InstantText
    device: str
    """Send it with the next sign-in: others who guess at the password then cannot delay it. Good for 90 days."""
    wrong_guesses: int
    """Wrong passwords given for this address in the last day, without those of this device or network."""


class PersonIn(In):
    """Invites someone into a partnership, or gives somebody already known a role there."""

    EXAMPLE = {
        "email": "analyst@agency.example",
        "name": "Community safety analyst",
        "role": "contributor",
        "agency": "police",
    }

    email: Email
    name: PersonName
    role: Role
    agency: Code | None = None


class PersonPatch(In):
    """Absent fields stay unchanged. `"agency": null` removes the agency."""

    EXAMPLE = {"role": "officer", "agency": None}

    name: PersonName | None = None
    role: Role | None = None
    agency: Code | None = None
    disabled: StrictBool | None = None


class PersonOut(TypedDict):
    id: str
    email: str
    name: str
    role: str
    role_label: str
    agency: NamedOut | None
    disabled: bool
    signed_up: bool
    version: int


class OneTimeLinkOut(TypedDict):
    """A one-time link, shown once to the person who asked for it, to be passed on by hand."""

    token: str
    purpose: str
    expires_at: InstantText


class InvitedOut(TypedDict):
    user: PersonOut
    link: OneTimeLinkOut | None


class PasswordIn(In):
    """Sets a password with a one-time link."""

    EXAMPLE = {"token": "the token that came with the link", "password": "kestrel pewter orchard vane"}

    token: str = Field(min_length=20, max_length=200)
    password: str = Field(min_length=1, max_length=1_000)


class OwnPasswordIn(In):
    """Changes one's own password. The old one is required."""

    EXAMPLE = {"current_password": "kestrel pewter orchard vane", "password": "thistle ferry lantern moss"}

    current_password: str = Field(min_length=1, max_length=1_000)
    password: str = Field(min_length=1, max_length=1_000)


class MeOut(TypedDict):
    person: "MePersonOut | None"
    agency: NamedOut | None
    scopes: list[str]
    partnerships: list["MePartnershipOut"]
    today: DayText


class MePartnershipOut(NamedOut):
    short_name: str
    sends_for: Literal["agency", "partnership"] | None
    """Owner of the figures they may send: their agency, the partnership (any figure), or none."""
    plan: str | None
    """Code of the default plan; None if there is no plan yet. A code stands for its plan's newest version."""


class MePersonOut(TypedDict):
    id: str
    name: str
    email: str
    role: str
    role_label: str
