"""Funds of the partnership's funders, with their rules."""

from typing import Annotated

from sqlmodel import col
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading, writing
from app.api.server.base import make_router
from app.api.server.call import Read, Write
from app.api.server.collection import Paged
from app.commands.grants.fund import add_fund
from app.domain.access.authority import Scope
from app.models.grants.fund import Fund, FundIn, FundOut
from app.models.link import Link
from app.queries.grants import fund as funds
from app.queries.grants.visible import funds as visible_funds

router = make_router("funding")
Reader = Annotated[Read, reading(Scope.READ_FUNDING)]


@router.get("/funds", response_model=collection.page_of(FundOut), responses=openapi.LIST)
def list_funds(call: Reader, page: Paged) -> Response:
    """Funds that the caller may see: the partnership its funders', a funder its own."""
    query = visible_funds(call.actor).where(*collection.rows_after(call, page, Fund))
    rows = call.session.exec(query.order_by(col(Fund.id)).limit(page.limit + 1)).all()
    outs = funds.list_out(call.session, rows)
    return collection.respond_page(call, page, rows, lambda row: outs[row.id])


@router.get("/funds/{code}", response_model=FundOut, responses=openapi.ONE)
def get_fund(call: Reader, code: str) -> Response:
    """One fund with its rules."""
    row = funds.get_fund(call.session, call.actor, code)
    return call.answer(funds.list_out(call.session, [row])[row.id], version=row.seq)


@router.post("/funds", response_model=FundOut, status_code=201, responses=openapi.WRITE)
def add_a_fund(call: Annotated[Write, writing(Scope.WRITE_FUNDING)], body: FundIn) -> Response:
    """Add a fund with its rules. An administrator does, for a funder that has nobody here."""
    row = add_fund(call.change, body)
    out = funds.list_out(call.session, [row])[row.id]
    return call.answer(out, 201, location=Link("funds", row.code), version=row.seq)
