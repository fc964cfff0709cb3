"""Engagements: where the partnership heard people, and what was done about it."""

from typing import Annotated

from sqlmodel import col
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Call, Read, Write
from app.api.server.collection import Paged
from app.commands.groups import engagement as commands
from app.domain.access.authority import Scope
from app.models.groups.engagement import Engagement, EngagementIn, EngagementOut, EngagementPatch
from app.models.link import Link
from app.queries.groups import engagement as queries

router = make_router("groups")
Reader = Annotated[Read, reading(Scope.READ)]
Writer = Annotated[Write, writing(Scope.WRITE_PLAN)]


@router.get("/engagements", response_model=collection.page_of(EngagementOut), responses=openapi.LIST)
def list_engagements(call: Reader, page: Paged) -> Response:
    """Engagements: when and where, with whom, what was heard and what was done about it."""
    query = queries.engagements(call.actor).where(*collection.rows_after(call, page, Engagement))
    rows = call.session.exec(query.order_by(col(Engagement.id)).limit(page.limit + 1)).all()
    page_rows = collection.cut_page(call, page, rows)
    return collection.respond_items(call, queries.engagements_out(call.session, page_rows.rows), page_rows)


@router.get("/engagements/{code}", response_model=EngagementOut, responses=openapi.ONE)
def get_engagement(call: Reader, code: str) -> Response:
    """One engagement. Its ETag is what an edit needs."""
    row = _get_row(call, code)
    (out,) = queries.engagements_out(call.session, [row])
    return call.answer(out, version=row.seq)


@router.post("/engagements", status_code=201, response_model=EngagementOut, responses=openapi.WRITE)
def add_engagement(call: Writer, body: EngagementIn) -> Response:
    """Add an engagement. Without a code it gets a number."""
    row = commands.add_engagement(call.change, body)
    location = Link("engagements", row.code)
    (out,) = queries.engagements_out(call.session, [row])
    return call.answer(out, 201, version=row.seq, location=location)


@router.patch("/engagements/{code}", response_model=EngagementOut, responses=openapi.EDIT)
def edit_engagement(call: Writer, code: str, patch: EngagementPatch) -> Response:
    """Edit what is named, such as what was done about it."""
    row = _get_row(call, code)
    require_if_match(call.request, row.seq)
    commands.edit_engagement(call.change, row, patch)
    call.session.flush()
    (out,) = queries.engagements_out(call.session, [row])
    return call.answer(out, version=row.seq)


def _get_row(call: Call, code: str) -> Engagement:
    return queries.get_engagement(call.session, call.actor, call.partnership().id, code)
