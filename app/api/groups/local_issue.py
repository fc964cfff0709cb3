"""Local issues: problems at places, raised, worked on and closed."""

from typing import Annotated

from sqlmodel import col
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import honour_if_match, reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Call, Read, Write
from app.api.server.collection import Paged
from app.api.server.step import taking
from app.commands.groups import local_issue as commands
from app.domain.access.authority import Scope
from app.domain.groups.local_issue import CLOSE, REOPEN
from app.models.groups.local_issue import (
    LocalIssue,
    LocalIssueCloseIn,
    LocalIssueIn,
    LocalIssueOut,
    LocalIssuePatch,
    LocalIssueReopenIn,
)
from app.models.link import Link
from app.queries.groups import local_issue as queries

router = make_router("groups")
Reader = Annotated[Read, reading(Scope.READ)]
Writer = Annotated[Write, writing(Scope.WRITE_PLAN)]


@router.get("/local-issues", response_model=collection.page_of(LocalIssueOut), responses=openapi.LIST)
def list_local_issues(call: Reader, page: Paged) -> Response:
    """Local issues, open and closed. They are about places, never about a person."""
    query = queries.local_issues(call.actor).where(*collection.rows_after(call, page, LocalIssue))
    rows = call.session.exec(query.order_by(col(LocalIssue.id)).limit(page.limit + 1)).all()
    page_rows = collection.cut_page(call, page, rows)
    items = queries.local_issues_out(call.session, call.actor, page_rows.rows)
    return collection.respond_items(call, items, page_rows)


@router.get("/local-issues/{code}", response_model=LocalIssueOut, responses=openapi.ONE)
def get_local_issue(call: Reader, code: str) -> Response:
    """One local issue. Its ETag is what an edit needs."""
    row = _get_row(call, code)
    (out,) = queries.local_issues_out(call.session, call.actor, [row])
    return call.answer(out, version=row.seq)


@router.post("/local-issues", status_code=201, response_model=LocalIssueOut, responses=openapi.WRITE)
def add_local_issue(call: Writer, body: LocalIssueIn) -> Response:
    """Add a local issue. Without a code it gets a number."""
    return _respond(call, commands.add_local_issue(call.change, body), 201)


@router.patch("/local-issues/{code}", response_model=LocalIssueOut, responses=openapi.EDIT)
def edit_local_issue(call: Writer, code: str, patch: LocalIssuePatch) -> Response:
    """Edit what is named."""
    row = _get_row(call, code)
    require_if_match(call.request, row.seq)
    commands.edit_local_issue(call.change, row, patch)
    call.session.flush()
    return _respond(call, row)


@router.post("/local-issues/{code}/close", response_model=LocalIssueOut, responses=openapi.STEP)
@taking(CLOSE)
def close_local_issue(call: Writer, code: str, body: LocalIssueCloseIn) -> Response:
    """Close it, with what has changed."""
    row = _get_row(call, code)
    honour_if_match(call.request, row.seq)
    commands.close_local_issue(call.change, row, body)
    return _respond(call, row)


@router.post("/local-issues/{code}/reopen", response_model=LocalIssueOut, responses=openapi.STEP)
@taking(REOPEN)
def reopen_local_issue(call: Writer, code: str, body: LocalIssueReopenIn) -> Response:
    """Reopen one that was closed, with the reason on record."""
    row = _get_row(call, code)
    honour_if_match(call.request, row.seq)
    commands.reopen_local_issue(call.change, row, body)
    return _respond(call, row)


def _get_row(call: Call, code: str) -> LocalIssue:
    return queries.get_local_issue(call.session, call.actor, call.partnership().id, code)


def _respond(call: Write, row: LocalIssue, status: int = 200) -> Response:
    location = Link("local-issues", row.code) if status == 201 else None
    (out,) = queries.local_issues_out(call.session, call.actor, [row])
    return call.answer(out, status, version=row.seq, location=location)
