"""What a decision may be about, by collection: the one list of every noun's."""

from sqlmodel import Session, col, select

from app.domain.errors import RuleBroken
from app.domain.period import containing
from app.domain.period_text import parse_period
from app.models.grants.application import Application
from app.models.grants.fund import Fund
from app.models.grants.funding_round import Round
from app.models.grants.grant import Grant
from app.models.groups.group import Group
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import PartnershipAgency
from app.models.plan.plan import Plan
from app.models.plan.priority import Priority
from app.queries.groups.subject import Subject, Subjects
from app.queries.plan import plan as plans


def _fund(session: Session, partnership_id: int, code: str) -> Subject | None:
    """A fund of one of the partnership's funders."""
    funders = select(PartnershipAgency.agency_id).where(PartnershipAgency.partnership_id == partnership_id)
    query = select(Fund.id).where(Fund.code == code, col(Fund.funder_id).in_(funders))
    return Subject(code) if session.exec(query).first() is not None else None


def _grant(session: Session, partnership_id: int, reference: str) -> Subject | None:
    query = select(Grant.id).where(Grant.partnership_id == partnership_id, Grant.code == reference)
    return Subject(reference) if session.exec(query).first() is not None else None


def _round(session: Session, partnership_id: int, code: str) -> Subject | None:
    query = select(Round.id).where(Round.partnership_id == partnership_id, Round.code == code)
    return Subject(code) if session.exec(query).first() is not None else None


def _application(session: Session, partnership_id: int, code: str) -> Subject | None:
    query = select(Application.id).where(
        Application.partnership_id == partnership_id, Application.code == code
    )
    return Subject(code) if session.exec(query).first() is not None else None


def _group(session: Session, partnership_id: int, code: str) -> Subject | None:
    query = select(Group.id).where(Group.partnership_id == partnership_id, Group.code == code)
    return Subject(code) if session.exec(query).first() is not None else None


def _indicator(session: Session, partnership_id: int, code: str) -> Subject | None:
    query = select(Indicator.id).where(Indicator.partnership_id == partnership_id, Indicator.code == code)
    return Subject(code) if session.exec(query).first() is not None else None


def _priority(session: Session, partnership_id: int, code: str) -> Subject | None:
    query = select(Priority.id).join(Plan).where(Plan.partnership_id == partnership_id, Priority.code == code)
    return Subject(code) if session.exec(query).first() is not None else None


def _plan(session: Session, partnership_id: int, ref: str) -> Subject | None:
    """A version of a plan: `plan?version=2`, as its address ends; without a version the one in force."""
    code, _, version = ref.partition("?version=")
    query = select(Plan).where(Plan.partnership_id == partnership_id, Plan.code == code)
    rows = session.exec(query.order_by(col(Plan.version).desc())).all()
    in_force = next((row for row in rows if row.status == "adopted"), None) or next(iter(rows), None)
    row = next((row for row in rows if str(row.version) == version), None) if version else in_force
    return Subject(plans.version_ref(row), (row,)) if row is not None else None


def _reporting_period(session: Session, partnership_id: int, text: str) -> Subject | None:
    try:
        period = parse_period(text)
    except RuleBroken:
        return None
    final = session.exec(select(Plan).where(Plan.partnership_id == partnership_id, Plan.status != "draft"))
    is_reported = period == containing(period.start, 3) and any(
        plans.years(row).contains(period) for row in final
    )
    return Subject(str(period)) if is_reported else None


SUBJECTS: Subjects = {
    "applications": _application,
    "funds": _fund,
    "grants": _grant,
    "groups": _group,
    "indicators": _indicator,
    "plans": _plan,
    "priorities": _priority,
    "reporting-periods": _reporting_period,
    "rounds": _round,
}
