"""Agencies: who answers for indicators, supplies figures, funds and delivers."""

from typing import Annotated

from sqlmodel import col
from starlette.responses import Response

from app.api import collection, openapi
from app.api.access import Read, reading
from app.api.base import addresses
from app.api.collection import Paged
from app.domain.authority import Scope
from app.models.partnership import Agency, AgencyOut
from app.queries.partnership import agencies, agency_out

router = addresses("partnerships")


@router.get("/agencies", response_model=collection.page_of(AgencyOut), responses=openapi.LIST)
def list_agencies(call: Annotated[Read, reading(Scope.READ)], asked: Paged) -> Response:
    """Agencies of the caller's partnerships, each once."""
    query = agencies(call.actor).where(*collection.rows_after(call, asked, Agency))
    rows = call.session.exec(query.order_by(col(Agency.id)).limit(asked.limit + 1)).all()
    return collection.answer(call, asked, rows, agency_out)
