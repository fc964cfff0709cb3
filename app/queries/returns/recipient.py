"""Finds recipients of messages: people who send figures for an agency, and the partnership's officers."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from app.domain.access.authority import STAFF, Role
from app.models.access.person import Membership, Person
from app.models.plan.partnership import Agency
from app.queries.returns.agency_return import Return


@dataclass(frozen=True, slots=True)
class Recipient:
    person_id: int
    email: str
    agency_id: int | None


def senders(session: Session, partnership_id: int, agency_return: Return) -> list[Recipient]:
    """Active people who may send a return: its agency's, else those of an agency that supplies all its figures."""
    own = [
        each
        for each, _ in _contributors(session, partnership_id)
        if each.agency_id == agency_return.agency.id
    ]
    if own:
        return own
    suppliers = set.intersection(*(set(each.indicator.suppliers) for each in agency_return.owed))
    return [each for each, agency in _contributors(session, partnership_id) if agency in suppliers]


def officers(session: Session, partnership_id: int) -> list[Recipient]:
    """The partnership's active officers; without any, its other staff."""
    staff = _active(session, partnership_id, col(Membership.role).in_(STAFF))
    return [each for each, role, _ in staff if role == Role.OFFICER] or [each for each, _, _ in staff]


def _contributors(session: Session, partnership_id: int) -> list[tuple[Recipient, str | None]]:
    active = _active(session, partnership_id, col(Membership.role) == Role.CONTRIBUTOR)
    return [(recipient, agency) for recipient, _, agency in active]


def _active(
    session: Session, partnership_id: int, *conditions: ColumnElement[bool]
) -> list[tuple[Recipient, str, str | None]]:
    """Active people, each with role and agency's code."""
    query = (
        select(Person, Membership, Agency.code)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .outerjoin(Agency, col(Agency.id) == Membership.agency_id)
        .where(Membership.partnership_id == partnership_id, col(Person.disabled_at).is_(None), *conditions)
        .order_by(col(Person.id))
    )
    return [
        (Recipient(person.id, person.email, member.agency_id), member.role, agency)
        for person, member, agency in session.exec(query)
    ]
