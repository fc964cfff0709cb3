"""Recommendations made to the partnership: added, answered, followed, with evidence."""

from typing import Annotated

from sqlmodel import col
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import honour_if_match, reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Call, Read, Write
from app.api.server.collection import Paged
from app.api.server.step import taking
from app.commands.groups import recommendation as commands
from app.domain.access.authority import Scope
from app.domain.groups.recommendation_steps import ANSWER, REOPEN, REPORT
from app.models.groups.recommendation import (
    AnswerIn,
    ProgressIn,
    Recommendation,
    RecommendationIn,
    RecommendationOut,
    RecommendationPatch,
    RecommendationWithHistoryOut,
)
from app.models.link import Link
from app.models.record.stored_file import AttachedOut, FileIn
from app.queries.groups import recommendation as queries

router = make_router("groups")
Reader = Annotated[Read, reading(Scope.READ)]
Writer = Annotated[Write, writing(Scope.WRITE_PLAN)]


@router.get("/recommendations", response_model=collection.page_of(RecommendationOut), responses=openapi.LIST)
def list_recommendations(call: Reader, page: Paged) -> Response:
    """Recommendations, open and closed, with what is owed and by when."""
    query = queries.recommendations(call.actor).where(*collection.rows_after(call, page, Recommendation))
    rows = call.session.exec(query.order_by(col(Recommendation.id)).limit(page.limit + 1)).all()
    page_rows = collection.cut_page(call, page, rows)
    items = queries.recommendations_out(call.session, call.actor, page_rows.rows, call.today)
    return collection.respond_items(call, items, page_rows)


@router.get("/recommendations/{code}", response_model=RecommendationWithHistoryOut, responses=openapi.ONE)
def get_recommendation(call: Reader, code: str) -> Response:
    """One recommendation, with its history and its evidence. Its ETag is what an edit or an answer needs."""
    row = _get_row(call, code)
    out = queries.recommendation_with_history(call.session, call.actor, row, call.today)
    return call.answer(out, version=row.seq)


@router.post(
    "/recommendations",
    status_code=201,
    response_model=RecommendationOut,
    responses=openapi.WRITE,
)
def add_recommendation(call: Writer, body: RecommendationIn) -> Response:
    """Add a recommendation. Without a code it gets a number."""
    return _respond(call, commands.add_recommendation(call.change, body), 201)


@router.patch("/recommendations/{code}", response_model=RecommendationOut, responses=openapi.EDIT)
def edit_recommendation(call: Writer, code: str, patch: RecommendationPatch) -> Response:
    """Edit what is named, with a reason."""
    row = _get_row(call, code)
    require_if_match(call.request, row.seq)
    commands.edit_recommendation(call.change, row, patch)
    call.session.flush()
    return _respond(call, row)


@router.post("/recommendations/{code}/answer", response_model=RecommendationOut, responses=openapi.EDIT)
@taking(ANSWER)
def answer_recommendation(call: Writer, code: str, body: AnswerIn) -> Response:
    """Give the partnership's answer. An earlier one stays in the history."""
    row = _get_row(call, code)
    require_if_match(call.request, row.seq)
    commands.answer_recommendation(call.change, row, body)
    return _respond(call, row)


@router.post("/recommendations/{code}/progress", response_model=RecommendationOut, responses=openapi.STEP)
@taking(REPORT)
def report_progress(call: Writer, code: str, body: ProgressIn) -> Response:
    """Say how far it is."""
    row = _get_row(call, code)
    honour_if_match(call.request, row.seq)
    commands.report_progress(call.change, row, body)
    return _respond(call, row)


@router.post("/recommendations/{code}/reopen", response_model=RecommendationOut, responses=openapi.STEP)
@taking(REOPEN)
def reopen_recommendation(call: Writer, code: str, body: ProgressIn) -> Response:
    """Open one again that was done or stopped. The text says why."""
    row = _get_row(call, code)
    honour_if_match(call.request, row.seq)
    commands.reopen_recommendation(call.change, row, body)
    return _respond(call, row)


@router.post(
    "/recommendations/{code}/evidence", status_code=201, response_model=AttachedOut, responses=openapi.WRITE
)
def add_recommendation_evidence(call: Writer, code: str, body: FileIn) -> Response:
    """Add an uploaded file as evidence. It is read within the partnership's information-sharing agreement."""
    reference = commands.attach_evidence(call.change, _get_row(call, code), body)
    link = Link("files", reference.sha256)
    out = AttachedOut(
        id=str(reference.id),
        sha256=reference.sha256,
        size=reference.size,
        media_type=reference.media_type,
        file=link,
    )
    return call.answer(out, 201, location=link)


@router.delete("/recommendations/{code}/evidence/{sha256}", status_code=204, responses=openapi.EDIT)
def remove_recommendation_evidence(call: Writer, code: str, sha256: str) -> Response:
    """Remove a file. Its name and title go at once, and its content after a day unless something else refers to it."""
    row = _get_row(call, code)
    require_if_match(call.request, row.seq)
    commands.remove_evidence(call.change, row, sha256)
    return call.answer(None, 204)


def _get_row(call: Call, code: str) -> Recommendation:
    return queries.get_recommendation(call.session, call.actor, call.partnership().id, code)


def _respond(call: Write, row: Recommendation, status: int = 200) -> Response:
    """Answers without evidence: its titles may have to be forgotten, and answers are remembered."""
    (out,) = queries.recommendations_out(call.session, call.actor, [row], call.today)
    location = Link("recommendations", row.code) if status == 201 else None
    return call.answer(out, status, version=row.seq, location=location)
