"""Who takes the steps of the demonstration's history."""

from dataclasses import replace

from sqlmodel import Session, col, select

from app.demo.content import LOADER
from app.domain.access.authority import Access, Actor, Role
from app.models.access.person import Membership, Person
from app.models.plan.partnership import Agency, Partnership


def actor_in(session: Session, partnership: Partnership, role: Role) -> Actor:
    """A person with the role as actor; if there is none, the demonstration's loader with that role."""
    query = (
        select(Person, Agency)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .outerjoin(Agency, col(Agency.id) == Membership.agency_id)
        .where(Membership.role == role.value)
    )
    person, agency = session.exec(query).first() or (None, None)
    agency_facts = (agency.id, agency.code, agency.kind) if agency is not None else (None, None, None)
    accesses = (Access.of_role((partnership.id, partnership.code), role, agency_facts),)
    if person is None:
        return replace(LOADER, accesses=accesses)
    return Actor.of_person(person.id, person.name, accesses)
