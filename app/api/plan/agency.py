"""Agencies: those responsible for indicators, supplying figures, funding and delivering; recipients of grants."""

from typing import Annotated

from fastapi import Query
from sqlmodel import col
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Read, Write
from app.api.server.collection import Paged
from app.commands.plan.agency import add_agency, add_identifiers
from app.domain.access.authority import Scope
from app.models.link import Link
from app.models.plan.agency import AgencyIn, AgencyPatch
from app.models.plan.partnership import Agency, AgencyOut
from app.models.wire import QueryYesNo
from app.queries.plan.partnership import agencies, get_agency, list_agencies_out

router = make_router("partnerships")
Reader = Annotated[Read, reading(Scope.READ)]
Writer = Annotated[Write, writing(Scope.WRITE_FUNDING)]


@router.get("/agencies", response_model=collection.page_of(AgencyOut), responses=openapi.LIST)
def list_agencies(
    call: Reader,
    page: Paged,
    recipients: Annotated[
        QueryYesNo, Query(description="Whether agencies that are here for a grant alone are listed too.")
    ] = False,
) -> Response:
    """Agencies of the caller's partnerships, each once."""
    query = agencies(call.actor, with_recipients=recipients).where(*collection.rows_after(call, page, Agency))
    rows = call.session.exec(query.order_by(col(Agency.id)).limit(page.limit + 1)).all()
    outs = list_agencies_out(call.session, rows)
    return collection.respond_page(call, page, rows, lambda row: outs[row.id])


@router.get("/agencies/{code}", response_model=AgencyOut, responses=openapi.ONE)
def get_one_agency(call: Reader, code: str) -> Response:
    """One agency with its registered numbers."""
    row = get_agency(call.session, call.actor, code)
    return call.answer(list_agencies_out(call.session, [row])[row.id], version=row.seq)


@router.post("/agencies", response_model=AgencyOut, status_code=201, responses=openapi.WRITE)
def add_an_agency(call: Writer, body: AgencyIn) -> Response:
    """Add an organisation to the partnership. Two agencies cannot have one registered number."""
    row = add_agency(call.change, body)
    out = list_agencies_out(call.session, [row])[row.id]
    return call.answer(out, 201, location=Link("agencies", row.code), version=row.seq)


@router.patch("/agencies/{code}", response_model=AgencyOut, responses=openapi.EDIT)
def enter_registered_numbers(call: Writer, code: str, patch: AgencyPatch) -> Response:
    """Enter registered numbers of an agency, or when they were checked. A number that it has is not replaced."""
    row = get_agency(call.session, call.actor, code, Scope.WRITE_FUNDING)
    require_if_match(call.request, row.seq)
    add_identifiers(call.change, row, patch.identifiers)
    call.session.flush()
    return call.answer(list_agencies_out(call.session, [row])[row.id], version=row.seq)
