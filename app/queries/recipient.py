"""Who is written to: the people who send figures for an agency, and the partnership's own officers."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from app.domain.authority import STAFF, Role
from app.models.person import Membership, Person


@dataclass(frozen=True, slots=True)
class Recipient:
    person_id: int
    email: str


def contributors(session: Session, partnership_id: int, agency_id: int) -> list[Recipient]:
    """Those who may sign in and send the agency's figures here."""
    chosen = col(Membership.role) == Role.CONTRIBUTOR, col(Membership.agency_id) == agency_id
    return [recipient for recipient, _ in _active(session, partnership_id, *chosen)]


def officers(session: Session, partnership_id: int) -> list[Recipient]:
    """The partnership's officers; a partnership too young to have any has other staff."""
    staff = _active(session, partnership_id, col(Membership.role).in_(STAFF))
    return [recipient for recipient, role in staff if role == Role.OFFICER] or [each for each, _ in staff]


def _active(
    session: Session, partnership_id: int, *conditions: ColumnElement[bool]
) -> list[tuple[Recipient, str]]:
    query = (
        select(Person.id, Person.email, Membership.role)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(Membership.partnership_id == partnership_id, col(Person.disabled_at).is_(None), *conditions)
        .order_by(col(Person.id))
    )
    return [(Recipient(id_ or 0, email), role) for id_, email, role in session.exec(query)]
