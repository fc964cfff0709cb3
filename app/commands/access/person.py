"""Invites people into a partnership, changes their roles, disables and enables them.

The caller checks that the actor may; the rules here hold for every actor.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.commands.access import sign_in
from app.commands.bulk import delete_rows
from app.commands.change import Change
from app.domain.access.authority import Role
from app.domain.errors import Conflict, RuleBroken
from app.models.access.person import Membership, OneTimeLink, Person
from app.models.plan.partnership import Agency


@dataclass(frozen=True, slots=True)
class PartnershipRole:
    """A person's role in a partnership; a contributor's has the agency that they send figures for."""

    role: Role
    agency: Agency | None = None

    def require_agency(self) -> None:
        if self.role is Role.CONTRIBUTOR and self.agency is None:
            message = "A contributor sends an agency's figures. Say which."
            raise RuleBroken("agency", "agency_required", message)

    @property
    def facts(self) -> dict[str, str]:
        return {"role": self.role.value, **({"agency": self.agency.code} if self.agency else {})}


def invite(change: Change, email: str, name: str, role: PartnershipRole) -> Person:
    """Adds a person to a partnership. One with an account keeps their name and roles elsewhere.

    Here they are shown by the name in the invitation: an address alone must not reveal whose it is. Conflict
    `already_member` if they have a role here, `disabled` if they may not sign in.
    """
    role.require_agency()
    session, email = change.session, email.strip().lower()
    person = session.exec(select(Person).where(Person.email == email)).first()
    invited_as = name if person is not None and person.name != name else None
    if person is None:
        person = change.add(Person(email=email, name=name))
    elif _membership(change, person) is not None:
        raise Conflict("already_member", "Somebody with this address already has a role here. Change that.")
    elif person.disabled_at is not None:
        raise Conflict("disabled", "Somebody with this address was disabled. Enable them first.")
    change.touch(person)
    change.add(
        Membership(
            person_id=person.id,
            partnership_id=change.partnership.id,
            agency_id=role.agency.id if role.agency else None,
            role=role.role.value,
            invited_as=invited_as,
        )
    )
    change.record("person invited", "person", str(person.id), **role.facts)
    return person


def give_role(change: Change, person: Person, role: PartnershipRole) -> None:
    """Changes a member's role. Conflict `last_administrator` if no administrator would be left."""
    role.require_agency()
    membership = _membership(change, person)
    assert membership is not None
    if membership.role == Role.ADMINISTRATOR and role.role is not Role.ADMINISTRATOR:
        _require_another_administrator(change.session, person, membership.partnership_id)
    before = {"role": membership.role}
    membership.role, membership.agency_id = role.role.value, role.agency.id if role.agency else None
    change.touch(person, membership)
    change.record("role changed", "person", str(person.id), before=before, after=role.facts)


def rename(change: Change, person: Person, name: str) -> None:
    """Changes a person's name in every partnership."""
    person.name = name
    memberships = change.session.exec(select(Membership).where(Membership.person_id == person.id)).all()
    for membership in memberships:
        membership.invited_as = None
    change.touch(person, *memberships)
    change.record("person renamed", "person", str(person.id))


def disable(change: Change, person: Person, clock: datetime) -> None:
    """Disables a person, who cannot sign in anywhere from now on. `clock` is real time.

    Conflict for the actor's own account, and for the last administrator of a partnership.
    """
    session = change.session
    if person.id == change.actor.person_id:
        raise Conflict("disabling_yourself", "You cannot disable yourself. Ask another administrator.")
    administers = select(Membership.partnership_id).where(
        Membership.person_id == person.id, Membership.role == Role.ADMINISTRATOR.value
    )
    for partnership_id in session.exec(administers).all():
        _require_another_administrator(session, person, partnership_id)
    person.disabled_at = clock
    change.add(person)
    sign_in.end_all(session, person.id)
    delete_rows(session, OneTimeLink, col(OneTimeLink.person_id) == person.id)
    change.record("person disabled", "person", str(person.id))


def enable(change: Change, person: Person) -> None:
    """Enables a person, who signs in again with their old password."""
    person.disabled_at = None
    change.add(person)
    change.record("person enabled", "person", str(person.id))


def _membership(change: Change, person: Person) -> Membership | None:
    return change.session.exec(
        select(Membership).where(
            Membership.person_id == person.id, Membership.partnership_id == change.partnership_id
        )
    ).first()


def _require_another_administrator(session: Session, person: Person, partnership_id: int) -> None:
    """Raises Conflict unless another administrator of the partnership can sign in."""
    other = session.exec(
        select(Membership.id)
        .join(Person, col(Person.id) == Membership.person_id)
        .where(
            Membership.partnership_id == partnership_id,
            Membership.role == Role.ADMINISTRATOR.value,
            Membership.person_id != person.id,
            col(Person.disabled_at).is_(None),
            col(Person.password_hash).is_not(None),
        )
        .limit(1)
    ).first()
    if other is None:
        raise Conflict(
            "last_administrator",
            "Nobody else who has signed up administers this partnership. Make somebody else administrator first.",
        )
