"""People: invited into a partnership, given a role there, disabled and enabled.

Whether the actor may is asked before; what holds whoever asks is said here.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.commands import audit
from app.commands.access import sign_in
from app.commands.bulk import delete_rows
from app.db import seq
from app.domain.access.authority import Actor, Role
from app.domain.errors import Conflict, RuleBroken
from app.models.access.person import Membership, OneTimeLink, Person
from app.models.plan.partnership import Agency, Partnership


def invite(
    session: Session,
    *,
    partnership: Partnership,
    email: str,
    name: str,
    role: Role,
    agency: Agency | None,
    actor: Actor,
    now: datetime,
) -> Person:
    """Takes somebody in. One who is known already keeps their name and roles elsewhere, and is known here by
    the name given: an address alone must not tell whose it is.

    Conflict `already_member` where they have a role here, `disabled` where they may not sign in.
    """
    _agency_needed(role, agency)
    email = email.strip().lower()
    person = session.exec(select(Person).where(Person.email == email)).first()
    invited_as = name if person is not None and person.name != name else None
    if person is None:
        person = Person(email=email, name=name, seq=seq(session))
    elif _membership(session, person, partnership) is not None:
        raise Conflict("already_member", "Somebody with this address already has a role here. Change that.")
    elif person.disabled_at is not None:
        raise Conflict("disabled", "Somebody with this address was disabled. Enable them first.")
    person.seq = seq(session)
    session.add(person)
    session.flush()
    session.add(
        Membership(
            person_id=person.id,
            partnership_id=partnership.id,
            agency_id=agency.id if agency else None,
            role=role.value,
            invited_as=invited_as,
            seq=seq(session),
        )
    )
    session.flush()
    _note(session, actor, "person invited", person, partnership, _role_data(role, agency), now)
    return person


def give_role(
    session: Session,
    person: Person,
    *,
    partnership: Partnership,
    role: Role,
    agency: Agency | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Changes what somebody is in a partnership. Conflict `last_administrator` when nobody would be left."""
    _agency_needed(role, agency)
    membership = _membership(session, person, partnership)
    assert membership is not None
    if membership.role == Role.ADMINISTRATOR and role is not Role.ADMINISTRATOR:
        _another_administrator(session, person, membership.partnership_id)
    before = {"role": membership.role}
    membership.role, membership.agency_id = role.value, agency.id if agency else None
    person.seq = membership.seq = seq(session)
    session.add_all([person, membership])
    data = {"before": before, "after": _role_data(role, agency)}
    _note(session, actor, "role changed", person, partnership, data, now)


def rename(
    session: Session, person: Person, *, partnership: Partnership, name: str, actor: Actor, now: datetime
) -> None:
    """Everywhere they belong."""
    person.name, person.seq = name, seq(session)
    session.add(person)
    for membership in session.exec(select(Membership).where(Membership.person_id == person.id)):
        membership.invited_as, membership.seq = None, seq(session)
        session.add(membership)
    _note(session, actor, "person renamed", person, partnership, {}, now)


def disable(
    session: Session,
    person: Person,
    *,
    partnership: Partnership,
    actor: Actor,
    now: datetime,
    clock: datetime,
) -> None:
    """Stops somebody signing in anywhere, at once. Nobody disables themself, or a last administrator."""
    if person.id == actor.person_id:
        raise Conflict("disabling_yourself", "You cannot disable yourself. Ask another administrator.")
    administers = select(Membership.partnership_id).where(
        Membership.person_id == person.id, Membership.role == Role.ADMINISTRATOR.value
    )
    for partnership_id in session.exec(administers).all():
        _another_administrator(session, person, partnership_id)
    person.disabled_at, person.seq = clock, seq(session)
    session.add(person)
    session.flush()
    sign_in.end_all(session, person.id)
    delete_rows(session, OneTimeLink, col(OneTimeLink.person_id) == person.id)
    _note(session, actor, "person disabled", person, partnership, {}, now)


def enable(
    session: Session, person: Person, *, partnership: Partnership, actor: Actor, now: datetime
) -> None:
    """Lets somebody sign in again, with the password they had."""
    person.disabled_at, person.seq = None, seq(session)
    session.add(person)
    _note(session, actor, "person enabled", person, partnership, {}, now)


def _agency_needed(role: Role, agency: Agency | None) -> None:
    if role is Role.CONTRIBUTOR and agency is None:
        raise RuleBroken("agency", "agency_required", "A contributor sends an agency's figures. Say which.")


def _membership(session: Session, person: Person, partnership: Partnership) -> Membership | None:
    return session.exec(
        select(Membership).where(
            Membership.person_id == person.id, Membership.partnership_id == partnership.id
        )
    ).first()


def _another_administrator(session: Session, person: Person, partnership_id: int) -> None:
    """Somebody else who can sign in and administer."""
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


def _role_data(role: Role, agency: Agency | None) -> dict[str, str]:
    return {"role": role.value, **({"agency": agency.code} if agency else {})}


def _note(
    session: Session,
    actor: Actor,
    action: str,
    person: Person,
    partnership: Partnership,
    data: dict[str, Any],
    now: datetime,
) -> None:
    subject = ("person", str(person.id))
    audit.record(session, actor, action, subject, data, at=now, partnership_id=partnership.id)
