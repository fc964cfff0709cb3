"""Adds the panel's invented scores to the demonstration's round. Nobody scored any of this."""

from datetime import date, datetime, time

from sqlmodel import Session, select

from app.commands.change import Change
from app.config import LONDON
from app.db import Database
from app.demo.actor import actor_in
from app.domain.access.authority import Role
from app.domain.grants.scoring import Appraisal, Interest
from app.models.grants.application import Application
from app.models.grants.appraisal import Appraisal as AppraisalRow
from app.models.plan.partnership import Partnership

CRITERIA = ("need", "change", "cost", "fit")
SCORES = {
    "A01": (5, 4, 4, 5),
    "A02": (5, 4, 4, 5),
    "A03": (4, 3, 4, 5),
    "A04": (4, 4, 5, 4),
    "A05": (4, 3, 3, 5),
    "A06": (3, 4, 4, 5),
    "A07": (5, 3, 3, 5),
    "A08": (3, 3, 4, 5),
    "A09": (3, 4, 4, 4),
    "A10": (3, 3, 4, 4),
    "A11": (3, 3, 3, 4),
    "A12": (2, 2, 2, 2),
}
"""In the criteria's order. A13 was withdrawn before anybody scored it."""
ALLIANCE = "Panel member of the hate crime alliance"


SCORED_ON = date(2017, 3, 10)


def load_scores(opened: Database) -> None:
    """Adds the scores of one assessor, and an interest of another. Only once, and where there are both."""
    with opened.write() as session:
        partnership = session.exec(select(Partnership)).one()
        rows = {row.code: row for row in session.exec(select(Application))}
        assessor = _assessor(session, partnership, Role.APPROVER)
        absent = _assessor(session, partnership, Role.OFFICER)
        is_loaded = session.exec(select(AppraisalRow.id)).first() is not None
        if is_loaded or assessor is None or absent is None or not rows.keys() >= SCORES.keys():
            return
        for code, scores in SCORES.items():
            by_criterion = dict(zip(CRITERIA, scores, strict=True))
            _add(assessor, rows[code], Appraisal(scores=by_criterion))
        _add(absent, rows["A07"], Appraisal(Interest.TOOK_NO_PART), ALLIANCE)


def _assessor(session: Session, partnership: Partnership, role: Role) -> Change | None:
    """A change by somebody with the role, where there is one with an agency."""
    actor = actor_in(session, partnership, role)
    access = actor.access_in(partnership.id)
    if actor.person_id is None or access is None or access.agency_id is None:
        return None
    now = datetime.combine(SCORED_ON, time(11), LONDON)
    return Change(session, actor, partnership.id, SCORED_ON, now)


def _add(change: Change, application: Application, appraisal: Appraisal, because: str = "") -> None:
    access = change.access
    assert access is not None
    assert access.agency_id is not None
    assert change.actor.person_id is not None
    row = AppraisalRow(
        partnership_id=application.partnership_id,
        application_id=application.id,
        assessor_id=change.actor.person_id,
        agency_id=access.agency_id,
        scores=dict(appraisal.scores or {}),
        interest=appraisal.interest.value,
        because=because,
    )
    change.add(row)
    facts = {"interest": row.interest, "criteria_scored": len(row.scores)}
    change.record("application scored", "application", application.code, **facts)
