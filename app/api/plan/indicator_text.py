"""Reading what somebody typed about an indicator, as a file's cells are read: nothing is stored."""

from typing import Annotated

from starlette.responses import Response

from app.api.server import openapi
from app.api.server.access import reading
from app.api.server.base import make_router
from app.api.server.call import JSON, Read
from app.api.server.encode import to_json
from app.domain.access.authority import Scope
from app.domain.plan.indicator import Measure
from app.files.indicator_text import read_indicator_text
from app.models.plan.indicator_text import IndicatorReadingOut, IndicatorTextIn
from app.queries.plan import indicator as indicators

router = make_router("indicators")


@router.post("/indicators/{code}/read", response_model=IndicatorReadingOut, responses=openapi.WRITE)
def read_indicator_fields(
    call: Annotated[Read, reading(Scope.WRITE_PLAN)], code: str, typed: IndicatorTextIn
) -> Response:
    """Read numbers and periods of an indicator as they were typed; nothing is stored.

    Send the fields in a PATCH of the indicator.
    """
    row = indicators.get_indicator(call.session, call.actor, call.partnership().id, code)
    answer = read_indicator_text(typed, Measure(row.measure))
    return Response(to_json(answer), media_type=JSON, headers={"Cache-Control": "no-store"})
