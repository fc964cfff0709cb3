"""Allocations: what a fund gives the partnership, their sums, and what groups may award of them."""

from typing import Annotated

from sqlmodel import col
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Read, Write
from app.api.server.collection import Paged
from app.commands.grants import allocation as commands
from app.domain.access.authority import Scope
from app.models.grants.allocation import (
    Allocation,
    AllocationIn,
    AllocationOut,
    AllocationPatch,
    AllocationWithSumsOut,
    DelegationIn,
)
from app.models.link import Link
from app.queries.grants import allocation as allocations
from app.queries.grants.visible import allocations as visible_allocations

router = make_router("funding")
Reader = Annotated[Read, reading(Scope.READ_FUNDING)]
Writer = Annotated[Write, writing(Scope.WRITE_FUNDING)]


@router.get("/allocations", response_model=collection.page_of(AllocationOut), responses=openapi.LIST)
def list_allocations(call: Reader, page: Paged) -> Response:
    """Allocations of the caller's partnerships; a funder's own."""
    query = visible_allocations(call.actor).where(*collection.rows_after(call, page, Allocation))
    rows = call.session.exec(query.order_by(col(Allocation.id)).limit(page.limit + 1)).all()
    outs = allocations.list_out(call.session, rows)
    return collection.respond_page(call, page, rows, lambda row: outs[row.id])


@router.get("/allocations/{code}", response_model=AllocationWithSumsOut, responses=openapi.ONE)
def get_allocation(call: Reader, code: str) -> Response:
    """One allocation with the seven numbers of each kind of its money, and what its underspend is made of."""
    row = allocations.get_allocation(call.session, call.actor, call.partnership().id, code)
    return call.answer(allocations.with_sums_out(call.session, row), version=row.seq)


@router.post("/allocations", response_model=AllocationWithSumsOut, status_code=201, responses=openapi.WRITE)
def add_an_allocation(call: Writer, body: AllocationIn) -> Response:
    """Add what a fund gives the partnership. What a paper does not say is left out, never 0."""
    return _answer(call, commands.add_allocation(call.change, body), 201)


@router.patch("/allocations/{code}", response_model=AllocationWithSumsOut, responses=openapi.EDIT)
def revise_an_allocation(call: Writer, code: str, patch: AllocationPatch) -> Response:
    """Record what the funder now gives. Below what is committed it is over-committed, and nothing more is awarded."""
    row = _get(call, code)
    require_if_match(call.request, row.seq)
    commands.revise_allocation(call.change, row, patch)
    return _answer(call, row)


@router.post(
    "/allocations/{code}/delegations",
    response_model=AllocationWithSumsOut,
    status_code=201,
    responses=openapi.WRITE,
)
def delegate_to_a_group(call: Writer, code: str, body: DelegationIn) -> Response:
    """Let a group award a part of an allocation. Refused (409) with what is left where that is less."""
    row = _get(call, code)
    commands.delegate(call.change, row, body)
    return _answer(call, row, 201)


def _get(call: Write, code: str) -> Allocation:
    return allocations.get_allocation(call.session, call.actor, call.partnership().id, code)


def _answer(call: Write, row: Allocation, status: int = 200) -> Response:
    out = allocations.with_sums_out(call.session, row)
    location = Link("allocations", row.code) if status == 201 else None
    return call.answer(out, status, location=location, version=row.seq)
