"""Partnerships that the caller may see."""

from typing import Annotated

from sqlmodel import col
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading
from app.api.server.base import make_router
from app.api.server.call import Read
from app.api.server.collection import Paged
from app.domain.access.authority import Scope
from app.models.plan.partnership import Partnership, PartnershipOut
from app.queries import visible
from app.queries.plan.partnership import partnership_out

router = make_router("partnerships")


@router.get("/partnerships", response_model=collection.page_of(PartnershipOut), responses=openapi.LIST)
def list_partnerships(call: Annotated[Read, reading(Scope.READ)], page: Paged) -> Response:
    """Community Safety Partnerships whose plans the caller may read."""
    query = visible.partnerships(call.actor).where(*collection.rows_after(call, page, Partnership))
    rows = call.session.exec(query.order_by(col(Partnership.id)).limit(page.limit + 1)).all()
    return collection.respond_page(call, page, rows, partnership_out)
