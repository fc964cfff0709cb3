"""Agencies: those responsible for indicators, supplying figures, funding and delivering."""

from typing import Annotated

from sqlmodel import col
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading
from app.api.server.base import make_router
from app.api.server.call import Read
from app.api.server.collection import Paged
from app.domain.access.authority import Scope
from app.models.plan.partnership import Agency, AgencyOut
from app.queries.plan.partnership import agencies, agency_out

router = make_router("partnerships")


@router.get("/agencies", response_model=collection.page_of(AgencyOut), responses=openapi.LIST)
def list_agencies(call: Annotated[Read, reading(Scope.READ)], page: Paged) -> Response:
    """Agencies of the caller's partnerships, each once."""
    query = agencies(call.actor).where(*collection.rows_after(call, page, Agency))
    rows = call.session.exec(query.order_by(col(Agency.id)).limit(page.limit + 1)).all()
    return collection.respond_page(call, page, rows, agency_out)
