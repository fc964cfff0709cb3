"""Selects rounds, applications and scores that an actor may see: an applicant its own, a funder its funds'."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.access.authority import Access, Actor, Role, Scope
from app.domain.grants.scoring import Interest
from app.models.grants.application import Application, ApplicationShare
from app.models.grants.appraisal import Appraisal
from app.models.grants.fund import Fund
from app.models.grants.funding_round import Round
from app.queries.grants.proposer import person_behind


def rounds(actor: Actor) -> SelectOfScalar[Round]:
    """All of the partnership for staff and auditors; a funder's own funds'."""
    return select(Round).where(or_(false(), *_round_conditions(actor)))


def applications(actor: Actor) -> SelectOfScalar[Application]:
    """All of the partnership for staff and auditors; others their own, or those sent to their funds. Readers none."""
    return select(Application).where(or_(false(), *_application_conditions(actor)))


def appraisals(session: Session, actor: Actor) -> SelectOfScalar[Appraisal]:
    """Scores, for staff and auditors; of an application in which they took no part, their own entry alone."""
    person_id = person_behind(session, actor)
    within = [access.partnership_id for access in _accesses(actor) if sees_scores(access)]
    return select(Appraisal).where(
        col(Appraisal.partnership_id).in_(within),
        or_(
            col(Appraisal.application_id).not_in(_took_no_part(person_id)),
            col(Appraisal.assessor_id) == person_id,
        ),
    )


def applications_without_part(session: Session, actor: Actor) -> set[int]:
    """Ids of applications in which the actor declared an interest and took no part."""
    return set(session.exec(_took_no_part(person_behind(session, actor))))


def sees_scores(access: Access) -> bool:
    """Whether it sees what assessors say of applications."""
    return access.is_staff or access.role is Role.AUDITOR


def _took_no_part(person_id: int | None) -> SelectOfScalar[int]:
    return select(Appraisal.application_id).where(
        Appraisal.assessor_id == person_id, Appraisal.interest == Interest.TOOK_NO_PART.value
    )


def _accesses(actor: Actor) -> Iterator[Access]:
    return (access for access in actor.accesses if Scope.READ_FUNDING in access.scopes)


def _round_conditions(actor: Actor) -> Iterator[ColumnElement[bool]]:
    for access in _accesses(actor):
        here = col(Round.partnership_id) == access.partnership_id
        if sees_scores(access):
            yield here
        elif access.agency_id is not None and access.role is not Role.READER:
            yield and_(here, col(Round.fund_id).in_(_funds_of(access.agency_id)))


def _application_conditions(actor: Actor) -> Iterator[ColumnElement[bool]]:
    for access in _accesses(actor):
        here = col(Application.partnership_id) == access.partnership_id
        if sees_scores(access):
            yield here
        elif access.agency_id is not None and access.role is not Role.READER:
            yield and_(here, or_(_is_applicant(access.agency_id), _is_funder(access.agency_id)))


def _is_applicant(agency_id: int) -> ColumnElement[bool]:
    joint = select(ApplicationShare.application_id).where(ApplicationShare.agency_id == agency_id)
    return or_(col(Application.applicant_id) == agency_id, col(Application.id).in_(joint))


def _is_funder(agency_id: int) -> ColumnElement[bool]:
    """A funder sees what was sent to its funds: no draft, even one that was withdrawn."""
    own = select(Round.id).where(col(Round.fund_id).in_(_funds_of(agency_id)))
    return and_(col(Application.round_id).in_(own), col(Application.sent_on).is_not(None))


def _funds_of(agency_id: int) -> SelectOfScalar[int]:
    return select(Fund.id).where(Fund.funder_id == agency_id)
