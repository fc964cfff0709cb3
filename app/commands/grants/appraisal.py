"""Records an assessor's own scores of a round's applications, all or none."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import select

from app.commands.change import Change
from app.commands.grants.bank_details import MaskedTexts
from app.commands.groups.edit import set_columns
from app.domain.access.authority import Access
from app.domain.errors import Conflict, RuleBroken
from app.domain.grants.application_steps import UNDECIDED, ApplicationState
from app.domain.grants.funding_round import APPRAISE
from app.domain.grants.scoring import Interest, Scheme, require_interest, require_scores
from app.models.grants.application import Application
from app.models.grants.appraisal import Appraisal, AppraisalIn
from app.models.grants.funding_round import Round
from app.queries.grants.appraisal import applicants
from app.queries.grants.funding_round import round_facts, round_sums, scheme_of

SCORED_IN = (ApplicationState.SUBMITTED, *UNDECIDED)


def appraise(
    change: Change, round_: Round, bodies: Sequence[AppraisalIn]
) -> tuple[list[Appraisal], list[str]]:
    """Records the actor's scores and interests. Refused as a whole where one is refused. Also returns warnings."""
    facts = round_facts(change.actor, round_, round_sums(change.session, [round_.id])[round_.id])
    APPRAISE.require(facts, change.access)
    rows = _applications(change, round_)
    assessor = _Assessor(change, rows, scheme_of(round_))
    appraisals: list[Appraisal] = []
    for number, body in enumerate(bodies):
        field = f"appraisals.{number}"
        if body.application not in rows:
            text = f"“{body.application}” is no application to {round_.title}. Check its code."
            raise RuleBroken(f"{field}.application", "unknown_application", text)
        if any(body.application == other.application for other in bodies[:number]):
            text = f"“{body.application}” is in the list twice."
            raise RuleBroken(f"{field}.application", "twice", text)
        try:
            appraisals.append(assessor.record(rows[body.application], body))
        except RuleBroken as error:
            message = f"{body.application}: {error.message}"
            raise RuleBroken(f"{field}.{error.field}", error.code, message) from error
    change.touch(round_)
    return appraisals, assessor.texts.warnings


class _Assessor:
    """The actor, with what they recorded before."""

    def __init__(self, change: Change, rows: dict[str, Application], scheme: Scheme) -> None:
        access, person_id = change.access, change.actor.person_id
        assert access is not None
        assert access.agency_id is not None
        assert person_id is not None
        self.change, self.scheme, self.texts = change, scheme, MaskedTexts()
        self.access: Access = access
        self.agency_id, self.person_id = access.agency_id, person_id
        self.applicants = applicants(change.session, list(rows.values()))
        query = select(Appraisal).where(Appraisal.assessor_id == person_id)
        self.stored = {row.application_id: row for row in change.session.exec(query)}

    def record(self, application: Application, body: AppraisalIn) -> Appraisal:
        """Records scores of one application. Conflict where it is decided, or they took no part before."""
        state, before = ApplicationState(application.state), self.stored.get(application.id)
        if state not in SCORED_IN:
            text = f"{application.code} is {state.label}: it is scored after it was sent and before it is decided."
            raise Conflict("not_in_assessment", text)
        was_without_part = before is not None and before.interest == Interest.TOOK_NO_PART
        if was_without_part and body.interest is not Interest.TOOK_NO_PART:
            text = f"You declared an interest in {application.code} and took no part. That stays."
            raise Conflict("took_no_part", text)
        scores = self._scores(body)
        because = self.texts.mask(body.because)
        is_of_applicant = self.agency_id in self.applicants[application.id]
        require_interest(body.interest, because, is_of_applicant=is_of_applicant)
        columns = {
            "agency_id": self.agency_id,
            "scores": scores,
            "comment": self.texts.mask(body.comment),
            "interest": body.interest.value,
            "because": because,
        }
        return self._store(application, before, columns)

    def _scores(self, body: AppraisalIn) -> dict[str, int]:
        scores = {each.criterion: each.score for each in body.scores}
        if len(scores) < len(body.scores):
            raise RuleBroken("scores", "twice", "A criterion is in the list twice.")
        if scores and body.interest is Interest.TOOK_NO_PART:
            raise RuleBroken(
                "scores", "took_no_part", "Whoever takes no part scores nothing. Leave it blank."
            )
        require_scores(self.scheme, scores)
        return scores

    def _store(
        self, application: Application, before: Appraisal | None, columns: dict[str, Any]
    ) -> Appraisal:
        change = self.change
        if before is None:
            row = change.add(
                Appraisal(
                    partnership_id=application.partnership_id,
                    application_id=application.id,
                    assessor_id=self.person_id,
                    **columns,
                )
            )
            self.stored[application.id] = row
            change.touch(application)
            change.record("application scored", "application", application.code, **_facts(columns))
            return row
        edits = set_columns(before, columns)
        if edits:
            change.session.add(before)
            change.touch(application)
            change.record("scores changed", "application", application.code, **_facts(columns))
        return before


def _facts(columns: dict[str, Any]) -> dict[str, Any]:
    """Facts for the record, without the scores: those who took no part may read the record."""
    return {"interest": columns["interest"], "criteria_scored": len(columns["scores"])}


def _applications(change: Change, round_: Round) -> dict[str, Application]:
    """Applications of the round that were sent, by code."""
    query = select(Application).where(Application.round_id == round_.id)
    rows = change.session.exec(query)
    return {row.code: row for row in rows if row.state != ApplicationState.DRAFT}
