"""Rounds of applications: called, scored by a panel and decided at a meeting."""

from typing import Annotated

from fastapi import Query
from sqlmodel import col, select
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import honour_if_match, reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Call, Read, Write
from app.api.server.collection import Paged
from app.api.server.step import taking
from app.commands.grants import funding_round as commands
from app.commands.grants.application_decision import decide_round
from app.commands.grants.appraisal import appraise
from app.domain.access.authority import Scope
from app.domain.errors import RuleBroken
from app.domain.grants import funding_round as steps
from app.models.grants.application import Application
from app.models.grants.application_out import ApplicationsOut
from app.models.grants.application_wire import NamedDecisionIn, RoundDecisionIn
from app.models.grants.appraisal import Appraisal, AppraisalOut, AppraisalsIn, AppraisalsOut
from app.models.grants.funding_round import Round, RoundIn, RoundOut, RoundPatch
from app.models.link import Link
from app.queries.grants import application as applications
from app.queries.grants import appraisal as appraisals
from app.queries.grants import funding_round as rounds
from app.queries.grants.visible_applications import appraisals as visible_appraisals
from app.queries.grants.visible_applications import rounds as visible_rounds
from app.queries.subjects import SUBJECTS

router = make_router("funding")
Reader = Annotated[Read, reading(Scope.READ_FUNDING)]
Writer = Annotated[Write, writing(Scope.WRITE_FUNDING)]
Decider = Annotated[Write, writing(Scope.AWARD_FUNDING)]
OfRound = Annotated[str | None, Query(description="Those of the round with this code.")]


@router.get("/rounds", response_model=collection.page_of(RoundOut), responses=openapi.LIST)
def list_rounds(call: Reader, page: Paged) -> Response:
    """Rounds that the caller may see: staff and auditors the partnership's, a funder its own funds'."""
    query = visible_rounds(call.actor).where(*collection.rows_after(call, page, Round))
    rows = call.session.exec(query.order_by(col(Round.id)).limit(page.limit + 1)).all()
    outs = rounds.list_out(call.session, call.actor, rows, call.today)
    return collection.respond_page(call, page, rows, lambda row: outs[row.id])


@router.get("/rounds/{code}", response_model=RoundOut, responses=openapi.ONE)
def get_round(call: Reader, code: str) -> Response:
    """One round: what is asked of it and what was approved, and the steps open to the caller."""
    row = _get(call, code)
    return call.answer(_out(call, row), version=row.seq)


@router.post("/rounds", response_model=RoundOut, status_code=201, responses=openapi.WRITE)
def add_round(call: Writer, body: RoundIn) -> Response:
    """Add a round. One that the funder decides is added by an administrator, for the funder."""
    row = commands.add_round(call.change, body)
    return call.answer(_out(call, row), 201, location=Link("rounds", row.code), version=row.seq)


@router.patch("/rounds/{code}", response_model=RoundOut, responses=openapi.EDIT)
@taking(steps.EDIT)
def edit_round(call: Writer, code: str, patch: RoundPatch) -> Response:
    """Edit what is named. Its scheme stays once a score is recorded."""
    row = _get(call, code)
    require_if_match(call.request, row.seq)
    commands.edit_round(call.change, row, patch)
    call.session.flush()
    return call.answer(_out(call, row), version=row.seq)


@router.post("/rounds/{code}/appraisals", response_model=AppraisalsOut, responses=openapi.WRITE)
@taking(steps.APPRAISE)
def appraise_applications(call: Writer, code: str, body: AppraisalsIn) -> Response:
    """Record the caller's own scores and interests in several applications, all or none."""
    row = _get(call, code)
    honour_if_match(call.request, row.seq)
    rows, warnings = appraise(call.change, row, body.appraisals)
    call.session.flush()
    outs = appraisals.list_out(call.session, call.actor, rows)
    answer = AppraisalsOut(appraisals=[outs[row.id] for row in rows], warnings=warnings)
    return call.answer(answer)


@router.post("/rounds/{code}/decide", response_model=ApplicationsOut, responses=openapi.EDIT)
@taking(steps.DECIDE)
def decide_applications(call: Decider, code: str, body: RoundDecisionIn) -> Response:
    """Decide several applications at one meeting, all or none. If-Match is the round's version."""
    row = _get(call, code)
    require_if_match(call.request, row.seq)
    by_code = {each.code: each for each in _applications(call, row, body.applications)}
    decided = [(by_code[each.application], each) for each in body.applications]
    warnings = decide_round(call.change, row, decided, body, SUBJECTS)
    outs = applications.list_out(call.session, call.actor, list(by_code.values()), call.today)
    answer = ApplicationsOut(applications=list(outs.values()), warnings=warnings)
    return call.answer(answer, version=row.seq)


@router.get("/appraisals", response_model=collection.page_of(AppraisalOut), responses=openapi.LIST)
def list_appraisals(call: Reader, page: Paged, round: OfRound = None) -> Response:
    """Scores that the caller may see. Whoever took no part in an application sees no others' of it."""
    query = visible_appraisals(call.session, call.actor).where(*collection.rows_after(call, page, Appraisal))
    if round is not None:
        of_round = select(Application.id).join(Round).where(Round.code == round)
        query = query.where(col(Appraisal.application_id).in_(of_round))
    rows = call.session.exec(query.order_by(col(Appraisal.id)).limit(page.limit + 1)).all()
    outs = appraisals.list_out(call.session, call.actor, rows)
    return collection.respond_page(call, page, rows, lambda row: outs[row.id])


def _applications(call: Write, row: Round, named: list[NamedDecisionIn]) -> list[Application]:
    """The round's applications that are named. RuleBroken for one that it lacks, or that is named twice."""
    codes = [each.application for each in named]
    query = select(Application).where(Application.round_id == row.id, col(Application.code).in_(codes))
    stored = call.session.exec(query).all()
    known_codes = {each.code for each in stored}
    for number, code in enumerate(codes):
        field = f"applications.{number}.application"
        if code not in known_codes:
            text = f"“{code}” is no application to {row.title}. Check its code."
            raise RuleBroken(field, "unknown_application", text)
        if code in codes[:number]:
            raise RuleBroken(field, "twice", f"“{code}” is in the list twice.")
    return list(stored)


def _get(call: Call, code: str) -> Round:
    return rounds.get_round(call.session, call.actor, call.partnership().id, code)


def _out(call: Call, row: Round) -> RoundOut:
    return rounds.list_out(call.session, call.actor, [row], call.today)[row.id]
