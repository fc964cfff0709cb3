"""Applications for money: written, sent, assessed and decided."""

from collections.abc import Sequence
from typing import Annotated

from sqlmodel import col, select
from starlette.responses import Response

from app.api.grants.funding_round import OfRound
from app.api.server import collection, openapi
from app.api.server.access import reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Call, Read, Write
from app.api.server.collection import Paged
from app.api.server.step import taking
from app.commands.grants import application as commands
from app.commands.grants.application_decision import decide_one
from app.commands.grants.application_grant import make_grant
from app.domain.access.authority import Scope
from app.domain.grants import application_steps as steps
from app.domain.grants.application_steps import ApplicationFacts
from app.domain.workflow import Step
from app.models.grants.application import Application
from app.models.grants.application_out import ApplicationOut, ApplicationWithLinesOut
from app.models.grants.application_wire import (
    ApplicationDecisionIn,
    ApplicationGrantIn,
    ApplicationIn,
    ApplicationNoteIn,
    ApplicationPatch,
    ApplicationReasonIn,
    LetterIn,
)
from app.models.grants.funding_round import Round
from app.models.link import Link
from app.queries.grants import application as applications
from app.queries.grants.application_lines import with_lines_out
from app.queries.grants.visible_applications import applications as visible_applications
from app.queries.subjects import SUBJECTS

router = make_router("funding")
Reader = Annotated[Read, reading(Scope.READ_FUNDING)]
Sender = Annotated[Write, writing(Scope.WRITE_CLAIMS)]
Writer = Annotated[Write, writing(Scope.WRITE_FUNDING)]
Decider = Annotated[Write, writing(Scope.AWARD_FUNDING)]


@router.get("/applications", response_model=collection.page_of(ApplicationOut), responses=openapi.LIST)
def list_applications(call: Reader, page: Paged, round: OfRound = None) -> Response:
    """Applications that the caller may see: an applicant its own, a funder those sent to its funds."""
    query = visible_applications(call.actor).where(*collection.rows_after(call, page, Application))
    if round is not None:
        query = query.where(col(Application.round_id).in_(select(Round.id).where(Round.code == round)))
    rows = call.session.exec(query.order_by(col(Application.id)).limit(page.limit + 1)).all()
    outs = applications.list_out(call.session, call.actor, rows, call.today)
    return collection.respond_page(call, page, rows, lambda row: outs[row.id])


@router.get("/applications/{code}", response_model=ApplicationWithLinesOut, responses=openapi.ONE)
def get_application(call: Reader, code: str) -> Response:
    """One application: what is asked for, what was approved, and the steps open to the caller."""
    row = _get(call, code)
    out = with_lines_out(call.session, call.actor, row, call.today)
    return call.answer(out, version=row.seq)


@router.post(
    "/applications", response_model=ApplicationWithLinesOut, status_code=201, responses=openapi.WRITE
)
def draft_application(call: Sender, body: ApplicationIn) -> Response:
    """Write an application of the caller's organisation, or as staff for any. It is not sent yet."""
    row, warnings = commands.draft_application(call.change, body)
    return _answer(call, row, warnings, 201)


@router.patch("/applications/{code}", response_model=ApplicationWithLinesOut, responses=openapi.EDIT)
@taking(steps.EDIT)
def edit_application(call: Sender, code: str, patch: ApplicationPatch) -> Response:
    """Edit what is named, before it is sent or where changes were asked for."""
    row = _get(call, code)
    require_if_match(call.request, row.seq)
    return _answer(call, row, commands.edit_application(call.change, row, patch))


@router.post("/applications/{code}/submit", response_model=ApplicationWithLinesOut, responses=openapi.EDIT)
@taking(steps.SUBMIT)
def submit_application(call: Sender, code: str, body: ApplicationNoteIn) -> Response:
    """Send an application, while its round is open or where changes were asked for."""
    return _take(call, code, steps.SUBMIT, body.note)


@router.post("/applications/{code}/withdraw", response_model=ApplicationWithLinesOut, responses=openapi.EDIT)
@taking(steps.WITHDRAW)
def withdraw_application(call: Sender, code: str, body: ApplicationReasonIn) -> Response:
    """Take back an application that is not decided."""
    return _take(call, code, steps.WITHDRAW, body.reason)


@router.post(
    "/applications/{code}/ineligible", response_model=ApplicationWithLinesOut, responses=openapi.EDIT
)
@taking(steps.INELIGIBLE)
def refuse_ineligible_application(call: Writer, code: str, body: ApplicationReasonIn) -> Response:
    """Record that an application does not meet the round's rules, with the reason."""
    return _take(call, code, steps.INELIGIBLE, body.reason)


@router.post("/applications/{code}/assess", response_model=ApplicationWithLinesOut, responses=openapi.EDIT)
@taking(steps.ASSESS)
def assess_application(call: Writer, code: str, body: ApplicationNoteIn) -> Response:
    """Pass an eligible application to the panel."""
    return _take(call, code, steps.ASSESS, body.note)


@router.post(
    "/applications/{code}/ask-for-changes", response_model=ApplicationWithLinesOut, responses=openapi.EDIT
)
@taking(steps.ASK_FOR_CHANGES)
def ask_for_changes_to_application(call: Writer, code: str, body: ApplicationReasonIn) -> Response:
    """Ask the applicant to change it and send it again, with what is to change."""
    return _take(call, code, steps.ASK_FOR_CHANGES, body.reason)


@router.post("/applications/{code}/decide", response_model=ApplicationWithLinesOut, responses=openapi.EDIT)
@taking(steps.DECIDE)
def decide_application(call: Decider, code: str, body: ApplicationDecisionIn) -> Response:
    """Decide one application, at a meeting or by the funder's letter. The decision is entered with it."""
    row = _get(call, code)
    require_if_match(call.request, row.seq)
    return _answer(call, row, decide_one(call.change, row, body, body, SUBJECTS))


@router.post("/applications/{code}/grant", response_model=ApplicationWithLinesOut, responses=openapi.EDIT)
@taking(steps.MAKE_GRANT)
def make_grant_of_application(call: Decider, code: str, body: ApplicationGrantIn) -> Response:
    """Offer what was approved as a grant. Refused where its money is not left."""
    row = _get(call, code)
    require_if_match(call.request, row.seq)
    _, warnings = make_grant(call.change, row, body)
    return _answer(call, row, warnings)


@router.post("/applications/{code}/tell", response_model=ApplicationWithLinesOut, responses=openapi.EDIT)
@taking(steps.TELL)
def record_letter_about_application(call: Writer, code: str, body: LetterIn) -> Response:
    """Record the letter that told the applicant the decision, with the feedback in it."""
    row = _get(call, code)
    require_if_match(call.request, row.seq)
    return _answer(call, row, commands.record_letter(call.change, row, body))


def _take(call: Write, code: str, step: Step[ApplicationFacts], reason: str) -> Response:
    row = _get(call, code)
    require_if_match(call.request, row.seq)
    return _answer(call, row, commands.take_step(call.change, row, step, reason))


def _get(call: Call, code: str) -> Application:
    return applications.get_application(call.session, call.actor, call.partnership().id, code)


def _answer(call: Write, row: Application, warnings: Sequence[str] = (), status: int = 200) -> Response:
    out = with_lines_out(call.session, call.actor, row, call.today, warnings)
    location = Link("applications", row.code) if status == 201 else None
    return call.answer(out, status, location=location, version=row.seq)
