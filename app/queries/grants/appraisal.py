"""Assessors' scores, and which interests nobody declared."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_
from sqlmodel import Session, col, select

from app.domain.access.authority import Actor
from app.domain.grants import scoring
from app.domain.grants.scoring import Interest, Scheme, appraisal_total
from app.models.access.person import Membership, Person
from app.models.grants.application import Application, ApplicationShare
from app.models.grants.appraisal import Appraisal, AppraisalOut, GivenScoreOut
from app.models.grants.funding_round import Round
from app.queries.grants.agencies import agencies_by_id
from app.queries.grants.funding_round import scheme_of
from app.queries.grants.proposer import person_behind


@dataclass(frozen=True, slots=True)
class Assessed:
    """An appraisal, its assessor's name, and whether an interest of their organisation is not declared."""

    row: Appraisal
    name: str
    is_unanswered: bool

    @property
    def appraisal(self) -> scoring.Appraisal:
        return scoring.Appraisal(Interest(self.row.interest), self.row.scores)


def applicants(session: Session, rows: Iterable[Application]) -> dict[int, set[int]]:
    """Ids of the organisations that apply, by the application's id: the lead and those that apply with it."""
    agencies = {row.id: {row.applicant_id} for row in rows}
    query = select(ApplicationShare).where(col(ApplicationShare.application_id).in_(agencies))
    for share in session.exec(query):
        agencies[share.application_id].add(share.agency_id)
    return agencies


def assessed(session: Session, rows: Sequence[Application]) -> dict[int, list[Assessed]]:
    """Appraisals of some applications, by the application's id, in the order in which they were first recorded."""
    agencies = applicants(session, rows)
    is_here = and_(
        col(Membership.person_id) == col(Appraisal.assessor_id),
        col(Membership.partnership_id) == col(Appraisal.partnership_id),
    )
    query = (
        select(Appraisal, Person.name, Membership.agency_id)
        .select_from(Appraisal)
        .join(Person, col(Person.id) == col(Appraisal.assessor_id))
        .outerjoin(Membership, is_here)
        .where(col(Appraisal.application_id).in_(agencies))
    )
    by_application: dict[int, list[Assessed]] = defaultdict(list)
    for row, name, agency_now in session.exec(query.order_by(col(Appraisal.id))):
        is_of_applicant = bool({row.agency_id, agency_now} & agencies[row.application_id])
        by_application[row.application_id].append(
            Assessed(row, name, is_of_applicant and row.interest == Interest.NONE)
        )
    return by_application


def list_out(session: Session, actor: Actor, rows: Sequence[Appraisal]) -> dict[int, AppraisalOut]:
    """The appraisals by id."""
    query = select(Application, Round).join(Round, col(Round.id) == col(Application.round_id))
    query = query.where(col(Application.id).in_({row.application_id for row in rows}))
    pairs = {application.id: (application, round_) for application, round_ in session.exec(query)}
    agencies = agencies_by_id(session, {row.agency_id for row in rows})
    here = assessed(session, [application for application, _ in pairs.values()])
    by_id = {each.row.id: each for group in here.values() for each in group}
    person_id = person_behind(session, actor)
    outs: dict[int, AppraisalOut] = {}
    for row in rows:
        (application, round_), each = pairs[row.application_id], by_id[row.id]
        scheme, interest = scheme_of(round_), Interest(row.interest)
        outs[row.id] = AppraisalOut(
            id=str(row.id),
            application=application.code,
            assessor=each.name,
            agency=agencies[row.agency_id],
            is_own=row.assessor_id == person_id,
            scores=_scores_out(scheme, row),
            total=appraisal_total(scheme, each.appraisal),
            out_of=scheme.out_of,
            comment=row.comment,
            interest=interest.value,
            interest_label=interest.label,
            because=row.because,
            is_unanswered=each.is_unanswered,
            version=row.seq,
        )
    return outs


def _scores_out(scheme: Scheme, row: Appraisal) -> list[GivenScoreOut]:
    return [
        GivenScoreOut(criterion=each.code, score=row.scores[each.code])
        for each in scheme.criteria
        if each.code in row.scores
    ]
