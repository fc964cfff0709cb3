"""Areas that figures are counted in."""

from typing import Annotated

from sqlmodel import col
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading
from app.api.server.base import make_router
from app.api.server.call import Read
from app.api.server.collection import Paged
from app.domain.access.authority import Scope
from app.models.plan.partnership import Area, AreaOut
from app.queries.plan.partnership import area_out, areas

router = make_router("partnerships")


@router.get("/areas", response_model=collection.page_of(AreaOut), responses=openapi.LIST)
def list_areas(call: Annotated[Read, reading(Scope.READ)], page: Paged) -> Response:
    """Areas of the caller's partnerships: GSS-coded, or locally defined with dates of designation."""
    query = areas(call.actor).where(*collection.rows_after(call, page, Area))
    rows = call.session.exec(query.order_by(col(Area.id)).limit(page.limit + 1)).all()
    return collection.respond_page(call, page, rows, area_out)
