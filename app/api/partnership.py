"""The partnerships a caller sees."""

from typing import Annotated

from sqlmodel import col
from starlette.responses import Response

from app.api import collection, openapi
from app.api.access import Read, reading
from app.api.base import addresses
from app.api.collection import Paged
from app.domain.authority import Scope
from app.models.partnership import Partnership, PartnershipOut
from app.queries import visible
from app.queries.partnership import partnership_out

router = addresses("partnerships")


@router.get("/partnerships", response_model=collection.page_of(PartnershipOut), responses=openapi.LIST)
def list_partnerships(call: Annotated[Read, reading(Scope.READ)], asked: Paged) -> Response:
    """Community Safety Partnerships whose plans the caller may read."""
    query = visible.partnerships(call.actor).where(*collection.rows_after(call, asked, Partnership))
    rows = call.session.exec(query.order_by(col(Partnership.id)).limit(asked.limit + 1)).all()
    return collection.answer(call, asked, rows, partnership_out)
