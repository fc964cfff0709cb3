"""Partnerships that the caller may see, and their settings."""

from typing import Annotated

from sqlmodel import col
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Call, Read, Write
from app.api.server.collection import Paged
from app.api.server.problem import Forbidden
from app.commands.plan.partnership import edit_partnership
from app.domain.access.authority import Scope
from app.domain.errors import NotFound
from app.models.plan.partnership import Partnership, PartnershipOut, PartnershipPatch
from app.queries import visible
from app.queries.plan.partnership import partnership_out

router = make_router("partnerships")
Reader = Annotated[Read, reading(Scope.READ)]


@router.get("/partnerships", response_model=collection.page_of(PartnershipOut), responses=openapi.LIST)
def list_partnerships(call: Reader, page: Paged) -> Response:
    """Community Safety Partnerships whose plans the caller may read."""
    query = visible.partnerships(call.actor).where(*collection.rows_after(call, page, Partnership))
    rows = call.session.exec(query.order_by(col(Partnership.id)).limit(page.limit + 1)).all()
    return collection.respond_page(call, page, rows, partnership_out)


@router.get("/partnerships/{code}", response_model=PartnershipOut, responses=openapi.ONE)
def get_partnership(call: Reader, code: str) -> Response:
    """One partnership. An edit needs its ETag."""
    row = _get_partnership(call, code)
    return call.answer(partnership_out(row), version=row.seq)


@router.patch("/partnerships/{code}", response_model=PartnershipOut, responses=openapi.EDIT)
def edit_a_partnership(
    call: Annotated[Write, writing(Scope.WRITE_PLAN)], code: str, patch: PartnershipPatch
) -> Response:
    """Edit the fields named: the day from which figures are owed."""
    row = _get_partnership(call, code)
    if row.id not in call.actor.within(Scope.WRITE_PLAN):
        raise Forbidden(Scope.WRITE_PLAN, call.actor)
    require_if_match(call.request, row.seq)
    edit_partnership(call.change_in(row.id), row, patch)
    call.session.flush()
    return call.answer(partnership_out(row), version=row.seq)


def _get_partnership(call: Call, code: str) -> Partnership:
    row = call.session.exec(visible.partnerships(call.actor).where(Partnership.code == code)).first()
    if row is None:
        raise NotFound("The partnership")
    return row
