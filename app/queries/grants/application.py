"""Applications, as callers read them, with the panel's score and the steps open to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlmodel import Session, col, select

from app.domain.access.authority import Access, Actor
from app.domain.errors import NotFound
from app.domain.grants.application_steps import (
    STEPS,
    ApplicationFacts,
    ApplicationState,
    next_words,
    waiting_words,
)
from app.domain.grants.funding_round import RoundState, round_state
from app.domain.grants.scoring import panel_total
from app.domain.workflow import may
from app.models.grants.application import Application
from app.models.grants.application_out import ApplicationOut, RoundNamedOut, ScoreOut
from app.models.grants.funding_round import Round
from app.models.grants.grant import Grant
from app.models.plan.partnership import NamedOut
from app.models.wire import json_number
from app.queries.grants.agencies import agencies_by_id
from app.queries.grants.appraisal import Assessed, applicants, assessed
from app.queries.grants.fund import pounds_or_none, pounds_out
from app.queries.grants.funding_round import scheme_of
from app.queries.grants.proposer import person_behind
from app.queries.grants.visible_applications import applications, applications_without_part, sees_scores


def get_application(session: Session, actor: Actor, partnership_id: int, code: str) -> Application:
    """The partnership's application of that code; NotFound where the actor sees none."""
    query = applications(actor).where(Application.partnership_id == partnership_id, Application.code == code)
    row = session.exec(query).first()
    if row is None:
        raise NotFound(f"The application “{code[:80]}”")
    return row


@dataclass(frozen=True, slots=True)
class ApplicationBooks:
    """Applications with what stands around them, read once for an answer, as one actor sees them."""

    actor: Actor
    person_id: int | None
    rounds: dict[int, Round]
    applicants: dict[int, set[int]]
    appraisals: dict[int, list[Assessed]]
    agencies: dict[int, NamedOut]
    grants: dict[int | None, str]
    without_part: set[int]
    today: date

    @classmethod
    def read(
        cls, session: Session, actor: Actor, rows: Sequence[Application], today: date
    ) -> "ApplicationBooks":
        round_query = select(Round).where(col(Round.id).in_({row.round_id for row in rows}))
        grant_query = select(Grant.id, Grant.code).where(col(Grant.id).in_({row.grant_id for row in rows}))
        return cls(
            actor=actor,
            person_id=person_behind(session, actor),
            rounds={round_.id: round_ for round_ in session.exec(round_query)},
            applicants=applicants(session, rows),
            appraisals=assessed(session, rows),
            agencies=agencies_by_id(session, {row.applicant_id for row in rows}),
            grants=dict(session.exec(grant_query).all()),
            without_part=applications_without_part(session, actor),
            today=today,
        )

    def access(self, row: Application) -> Access | None:
        return self.actor.access_in(row.partnership_id)

    def facts(self, row: Application) -> ApplicationFacts:
        """Facts for the steps of an application, as the actor would take them."""
        access, round_, state = self.access(row), self.rounds[row.round_id], ApplicationState(row.state)
        agency_id = access.agency_id if access is not None else None
        is_staff = access is not None and access.is_staff
        is_sender = self.person_id is not None and row.sent_by_id == self.person_id
        return ApplicationFacts(
            state=state,
            is_round_open=state is ApplicationState.CHANGES_REQUESTED
            or round_state(round_.opens_on, round_.closes_on, self.today) is RoundState.OPEN,
            is_own=is_sender,
            is_of_applicant=agency_id in self.applicants[row.id],
            unanswered_interests=self.unanswered(row),
            is_sender=is_staff or agency_id == row.applicant_id,
            took_no_part=row.id in self.without_part,
            has_grant=row.grant_id is not None,
            is_told=row.told_on is not None,
        )

    def unanswered(self, row: Application) -> tuple[str, ...]:
        return tuple(each.name for each in self.appraisals.get(row.id, []) if each.is_unanswered)

    def score(self, row: Application) -> ScoreOut:
        """The panel's total, whoever asks."""
        appraisals = [each.appraisal for each in self.appraisals.get(row.id, [])]
        scheme = scheme_of(self.rounds[row.round_id])
        total = panel_total(scheme, appraisals)
        return ScoreOut(
            total=json_number(total),
            out_of=scheme.out_of,
            assessors=sum(each.takes_part for each in appraisals),
            is_complete=total is not None,
            took_no_part=sum(not each.takes_part for each in appraisals),
        )


def list_out(
    session: Session, actor: Actor, rows: Sequence[Application], today: date
) -> dict[int, ApplicationOut]:
    """The applications by id."""
    books = ApplicationBooks.read(session, actor, rows, today)
    return {row.id: _out(books, row) for row in rows}


def _out(books: ApplicationBooks, row: Application) -> ApplicationOut:
    access, state, round_ = books.access(row), ApplicationState(row.state), books.rounds[row.round_id]
    may_see = access is not None and sees_scores(access)
    score = books.score(row) if may_see and row.id not in books.without_part else None
    return ApplicationOut(
        id=str(row.id),
        code=row.code,
        round=RoundNamedOut(code=round_.code, title=round_.title, closes_on=round_.closes_on.isoformat()),
        applicant=books.agencies[row.applicant_id],
        title=row.title,
        amount_asked=pounds_out(row.amount_asked),
        amount_asked_later=pounds_out(row.amount_asked_later),
        amount_approved=pounds_or_none(row.amount_approved),
        state=cast(Any, state.value),
        state_label=state.label,
        state_reason=row.state_reason,
        sent_on=row.sent_on.isoformat() if row.sent_on is not None else None,
        decided_on=row.decided_on.isoformat() if row.decided_on is not None else None,
        decision=row.decision,
        grant=books.grants.get(row.grant_id),
        score=score,
        unanswered_interests=list(books.unanswered(row)) if may_see else [],
        may=cast(list[Any], may(STEPS, books.facts(row), access)),
        next=_next(row, score) if may_see else waiting_words(state),
        version=row.seq,
    )


def _next(row: Application, score: ScoreOut | None) -> str:
    """What comes next, for staff; whoever took no part is not told how far the panel is.

    A round without criteria is decided without scores.
    """
    return next_words(
        ApplicationState(row.state),
        is_scored=score is None or score["is_complete"] or not score["out_of"],
        has_grant=row.grant_id is not None,
        is_told=row.told_on is not None,
    )
