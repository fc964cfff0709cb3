"""Permissions: the table of scopes by role, and the actor whose access is checked."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from app.domain.access.audience import Audience
from app.domain.access.author import Author, AuthorKind, author


class Scope(StrEnum):
    """A permission. A key carries some; a person's role gives a fixed set."""

    READ = "plan:read"
    WRITE_PLAN = "plan:write"
    READ_FIGURES = "figures:read"
    POST_FIGURES = "figures:write"
    READ_SUBMISSIONS = "submissions:read"
    CHECK_RETURNS = "returns:check"
    CLOSE_PERIODS = "periods:write"
    RELEASE_FIGURES = "figures:release"
    READ_PEOPLE = "people:read"
    MANAGE_PEOPLE = "people:write"
    MANAGE_KEYS = "keys:write"
    READ_AUDIT = "audit:read"
    READ_METRICS = "metrics:read"
    READ_FUNDING = "funding:read"
    WRITE_FUNDING = "funding:write"
    AWARD_FUNDING = "funding:award"
    """What moves money: to award, to decide a claim or a variation, to waive."""
    PAY_FUNDING = "funding:pay"
    WRITE_CLAIMS = "claims:write"
    """What a recipient sends."""


class Role(StrEnum):
    READER = "reader"
    CONTRIBUTOR = "contributor"
    OFFICER = "officer"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    FUNDER = "funder"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        return "Contributor for an agency" if self is Role.CONTRIBUTOR else self.value.capitalize()


_READER = frozenset({Scope.READ, Scope.READ_FIGURES, Scope.READ_FUNDING})
_CONTRIBUTOR = (
    _READER | {Scope.POST_FIGURES, Scope.READ_SUBMISSIONS, Scope.RELEASE_FIGURES} | {Scope.WRITE_CLAIMS}
)
_OFFICER = (
    _READER
    | {Scope.POST_FIGURES, Scope.READ_SUBMISSIONS, Scope.CHECK_RETURNS, Scope.WRITE_PLAN}
    | {Scope.READ_AUDIT, Scope.READ_PEOPLE}
    | {Scope.WRITE_FUNDING, Scope.WRITE_CLAIMS}
)
_APPROVER = _OFFICER | {Scope.CLOSE_PERIODS, Scope.RELEASE_FIGURES} | {Scope.AWARD_FUNDING, Scope.PAY_FUNDING}

ROLE_SCOPES: dict[Role, frozenset[Scope]] = {
    Role.READER: _READER,
    Role.CONTRIBUTOR: _CONTRIBUTOR,
    Role.OFFICER: _OFFICER,
    Role.APPROVER: _APPROVER,
    Role.ADMINISTRATOR: _APPROVER | {Scope.MANAGE_PEOPLE, Scope.MANAGE_KEYS, Scope.READ_METRICS},
    Role.FUNDER: _READER,
    Role.AUDITOR: _READER | {Scope.READ_SUBMISSIONS, Scope.READ_AUDIT, Scope.READ_PEOPLE},
}

KEY_SCOPES = frozenset(Scope)
"""Any scope may be put on a key, by an administrator who holds it."""

OUTSIDE = frozenset({"funder"})
"""Kinds of agency outside the information-sharing agreement."""

STAFF = frozenset({Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR})
"""Roles that post for any agency of the partnership and see every submission."""

APPROVERS = frozenset({Role.APPROVER, Role.ADMINISTRATOR})
"""Roles that release any agency's figures; a key, which has no role, releases only its own agency's."""


@dataclass(frozen=True, slots=True)
class Access:
    """An actor's access in one partnership: scopes, agency and role."""

    partnership_id: int
    partnership_code: str
    scopes: frozenset[Scope]
    agency_id: int | None
    agency_code: str | None
    role: Role | None
    """None for a key, which acts by its scopes alone."""
    sees_people: bool
    """Inside the information-sharing agreement: sees figures that count people."""

    @classmethod
    def of_role(
        cls,
        partnership: tuple[int, str],
        role: Role,
        agency: tuple[int | None, str | None, str | None] = (None, None, None),
    ) -> "Access":
        """Builds a person's access. `partnership` is its id and code, `agency` the id, code and kind of theirs."""
        id_, code, kind = agency
        inside = role not in (Role.FUNDER, Role.READER) or (
            role is Role.READER and kind not in (None, *OUTSIDE)
        )
        return cls(*partnership, ROLE_SCOPES[role], id_, code, role, inside)

    @classmethod
    def of_key(
        cls, partnership: tuple[int, str], scopes: Collection[Scope], agency: tuple[int, str, str]
    ) -> "Access":
        id_, code, kind = agency
        return cls(*partnership, frozenset(scopes), id_, code, None, kind not in OUTSIDE)

    def covers(self, other: "Access") -> bool:
        """Whether the other may do and see nothing in the partnership that this one may not.

        An actor may give, change or end only access (a role, a key, a password) that its own covers.
        """
        return (
            other.scopes <= self.scopes
            and (self.sees_people or not other.sees_people)
            and other.audience.includes(self.audience)
            and self._covers_agency(other)
        )

    def _covers_agency(self, other: "Access") -> bool:
        """Compares the rights that follow from agency or approver's role, not from scopes."""
        if other.role in APPROVERS:
            return self.role in APPROVERS
        if other.agency_id in (None, self.agency_id):
            return True
        releases = Scope.RELEASE_FIGURES in other.scopes
        return self.is_staff and (not releases or self.role in APPROVERS)

    @property
    def is_staff(self) -> bool:
        """Posts for any agency of the partnership, and sees what each has sent."""
        return self.role in STAFF if self.role is not None else Scope.WRITE_PLAN in self.scopes

    @property
    def sends_for(self) -> Literal["agency", "partnership"] | None:
        """Agencies whose figures it sends: its own, any of the partnership's, or none."""
        if Scope.POST_FIGURES not in self.scopes:
            return None
        return "partnership" if self.is_staff else "agency"

    @property
    def audience(self) -> Audience:
        """The narrowest audience it belongs to, for figures that are another agency's."""
        if not self.sees_people:
            return Audience.PUBLIC if self.role is not Role.READER else Audience.BOARD
        return Audience.BOARD if self.role in (Role.READER, Role.AUDITOR) else Audience.PARTNERSHIP

    @property
    def sees_every_submission(self) -> bool:
        """Whether it may read what each agency has sent, rather than its own: staff, auditors, those of no agency."""
        return self.is_staff or self.role is Role.AUDITOR or self.agency_id is None

    @property
    def reads_snapshots(self) -> bool:
        """Whether it may read what a cut-off froze: a member of the Board, or somebody inside the partnership."""
        return Scope.READ_FIGURES in self.scopes and Audience.BOARD.includes(self.audience)

    def answers_for(self, responsible_agency_id: int | None, suppliers: Collection[str]) -> bool:
        """Whether its own agency is responsible for an indicator, or supplies it."""
        return self.agency_id is not None and (
            self.agency_id == responsible_agency_id or self.agency_code in suppliers
        )

    def posts_for(self, responsible_agency_id: int | None, suppliers: Collection[str]) -> bool:
        """Whether it may send an indicator's figures: as staff, for the responsible agency, or for a supplier."""
        if Scope.POST_FIGURES not in self.scopes:
            return False
        return self.is_staff or self.answers_for(responsible_agency_id, suppliers)

    def releases_for(self, responsible_agency_id: int | None, suppliers: Collection[str]) -> bool:
        """Whether it may release an indicator's figures: as an approver, or for the agency that sends them."""
        if Scope.RELEASE_FIGURES not in self.scopes:
            return False
        return self.role in APPROVERS or self.answers_for(responsible_agency_id, suppliers)


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, a key, or the deployment's own command line."""

    name: str
    """Name in records: `person 12 (Community safety analyst)`, `key sp_3fk2`, `command line`."""
    caller: str
    """Key of remembered answers and rate limits: opaque, unique to the credential's owner."""
    accesses: tuple[Access, ...]
    person_id: int | None = None
    key_id: int | None = None

    @property
    def author(self) -> Author:
        id_ = self.person_id if self.person_id is not None else self.key_id
        return author(self.name, self._kind, id_)

    @property
    def _kind(self) -> AuthorKind:
        if self.person_id is not None:
            return AuthorKind.PERSON
        return AuthorKind.KEY if self.key_id is not None else AuthorKind.SERVICE

    @classmethod
    def of_person(cls, id_: int, name: str, accesses: tuple[Access, ...] = ()) -> "Actor":
        return cls(f"person {id_} ({name})", f"person:{id_}", accesses, person_id=id_)

    @classmethod
    def of_key(cls, id_: int, prefix: str, accesses: tuple[Access, ...]) -> "Actor":
        return cls(f"key {prefix}", f"key:{id_}", accesses, key_id=id_)

    @classmethod
    def of_service(cls, name: str) -> "Actor":
        """The deployment itself: its command line, its worker."""
        return cls(name, name, ())

    def may(self, scope: Scope) -> bool:
        return any(scope in access.scopes for access in self.accesses)

    def within(self, scope: Scope) -> tuple[int, ...]:
        """Ids of the partnerships where the actor has the scope."""
        return tuple(s.partnership_id for s in self.accesses if scope in s.scopes)

    def access_in(self, partnership_id: int) -> Access | None:
        return next((s for s in self.accesses if s.partnership_id == partnership_id), None)
