"""Reads people of a partnership, and which of them an actor may manage."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlmodel import Session

from app.domain.access.authority import Access, Actor, Role, Scope
from app.domain.errors import NotFound
from app.domain.number import row_number
from app.domain.period import containing
from app.models.access.person import Membership, MeOut, MePartnershipOut, MePersonOut, Person, PersonOut
from app.models.column import table
from app.models.plan.partnership import Agency, Partnership
from app.queries.plan import plan as plans

PERSON, MEMBERSHIP, AGENCY = table(Person), table(Membership), table(Agency)


def list_people(
    session: Session, partnership_id: int, after: Sequence[ColumnElement[bool]], limit: int
) -> Sequence[Row[Any]]:
    """Up to `limit` + 1 people in order of id."""
    query = _people(partnership_id).where(*after).order_by(PERSON.c.id).limit(limit + 1)
    return session.execute(query).all()


def get_person(session: Session, partnership_id: int, person_id: str) -> Row[Any]:
    number = row_number(person_id, "The person")
    row = session.execute(_people(partnership_id).where(PERSON.c.id == number)).first()
    if row is None:
        raise NotFound("The person")
    return row


def person_out(row: Row[Any]) -> PersonOut:
    return PersonOut(
        id=str(row.id),
        email=row.email,
        name=row.name,
        role=row.role,
        role_label=Role(row.role).label,
        agency={"code": row.agency_code, "name": row.agency_name} if row.agency_code else None,
        disabled=row.disabled_at is not None,
        signed_up=row.password_hash is not None,
        version=row.seq,
    )


def _people(partnership_id: int) -> Select[Any]:
    return (
        select(
            *(column for column in PERSON.c if column.name != "name"),
            func.coalesce(MEMBERSHIP.c.invited_as, PERSON.c.name).label("name"),
            MEMBERSHIP.c.role,
            AGENCY.c.code.label("agency_code"),
            AGENCY.c.name.label("agency_name"),
        )
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .outerjoin(AGENCY, AGENCY.c.id == MEMBERSHIP.c.agency_id)
        .where(MEMBERSHIP.c.partnership_id == partnership_id)
    )


def covers(
    access: Access | None,
    role: str,
    agency: tuple[int | None, str | None, str | None] = (None, None, None),
) -> bool:
    """Whether an actor with this access may give, take or act for a role with an agency (its id, code and kind)."""
    if access is None or Scope.MANAGE_PEOPLE not in access.scopes:
        return False
    place = (access.partnership_id, access.partnership_code)
    return access.covers(Access.of_role(place, Role(role), agency))


def answers_for(session: Session, actor: Actor, person_id: int, partnership_id: int | None = None) -> bool:
    """Whether the actor covers every role the person has: in one partnership, or in every one.

    Name, password and permission to sign in belong to the person in every partnership.
    """
    query = (
        select(MEMBERSHIP.c.partnership_id, MEMBERSHIP.c.role, AGENCY.c.id, AGENCY.c.code, AGENCY.c.kind)
        .outerjoin(AGENCY, AGENCY.c.id == MEMBERSHIP.c.agency_id)
        .where(MEMBERSHIP.c.person_id == person_id)
    )
    if partnership_id is not None:
        query = query.where(MEMBERSHIP.c.partnership_id == partnership_id)
    return all(
        covers(actor.access_in(row.partnership_id), row.role, (row.id, row.code, row.kind))
        for row in session.execute(query)
    )


def personal_words(session: Session, person_id: int) -> tuple[str, ...]:
    """Words that make a password easy to guess: the person's address and name, and their partnerships' names."""
    own = session.execute(select(PERSON.c.email, PERSON.c.name).where(PERSON.c.id == person_id)).one()
    place = table(Partnership)
    names = session.execute(
        select(place.c.name, place.c.short_name, place.c.code)
        .join(MEMBERSHIP, MEMBERSHIP.c.partnership_id == place.c.id)
        .where(MEMBERSHIP.c.person_id == person_id)
    )
    return (*own, *(name for row in names for name in row))


def me(session: Session, actor: Actor, today: date) -> MeOut:
    """The actor's own person, with role and agency of the first partnership; scopes of all of them."""
    first = actor.accesses[0] if actor.accesses else None
    return MeOut(
        person=_me_person(session, actor, first),
        agency=_agency(session, first),
        scopes=sorted({scope.value for access in actor.accesses for scope in access.scopes}),
        partnerships=_partnerships(session, actor, today),
        today=today.isoformat(),
    )


def _partnerships(session: Session, actor: Actor, today: date) -> list[MePartnershipOut]:
    accesses = {access.partnership_id: access for access in actor.accesses}
    place = table(Partnership)
    rows = session.execute(select(place).where(place.c.id.in_(accesses)).order_by(place.c.code)).all()
    default_plans = plans.default_plans(session, actor, list(accesses), containing(today, 3))
    return [
        MePartnershipOut(
            code=row.code,
            name=row.name,
            short_name=row.short_name,
            sends_for=accesses[row.id].sends_for,
            plan=default_plans[row.id].code if row.id in default_plans else None,
        )
        for row in rows
    ]


def _me_person(session: Session, actor: Actor, first: Access | None) -> MePersonOut | None:
    if actor.person_id is None:
        return None
    person = session.get_one(Person, actor.person_id)
    role = first.role if first is not None else None
    return MePersonOut(
        id=str(person.id),
        name=person.name,
        email=person.email,
        role=role.value if role else "",
        role_label=role.label if role else "",
    )


def _agency(session: Session, first: Access | None) -> Any:
    if first is None or first.agency_id is None:
        return None
    agency = session.get_one(Agency, first.agency_id)
    return {"code": agency.code, "name": agency.name}
