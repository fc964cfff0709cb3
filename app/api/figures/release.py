"""Releases: approvals for an audience to see figures, from a day on."""

from typing import Annotated

from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading, writing
from app.api.server.base import make_router
from app.api.server.call import Read, Write
from app.api.server.collection import Paged
from app.api.server.problem import Forbidden
from app.commands.figures.release import release_figures
from app.domain.access.authority import Scope
from app.domain.period_text import parse_period
from app.models.figures.release import ReleaseIn, ReleaseOut
from app.models.wire import PeriodText
from app.queries.figures import release as releases
from app.queries.plan import indicator as indicators

router = make_router("figures")
NOT_YOURS = (
    "These are another agency's figures: it releases them, or somebody who approves for the partnership."
)


@router.get(
    "/releases",
    response_model=collection.page_of(ReleaseOut, with_removed=True),
    responses=openapi.LIST,
)
def list_releases(
    call: Annotated[Read, reading(Scope.READ_FIGURES)],
    page: Paged,
    indicator: str | None = None,
    period: PeriodText | None = None,
) -> Response:
    """Approvals to show figures, oldest first. All are kept; of those in force the newest counts."""
    partnership_id = call.partnership().id
    filters = releases.ReleaseFilter(
        indicator,
        parse_period(period) if period is not None else None,
        collection.changed_since(call, page),
    )
    release_rows = releases.list_releases(
        call.session, partnership_id, call.access(), call.visibility(), filters
    )
    rows = [row for row in release_rows if row.id > page.after][: page.limit + 1]
    return collection.respond_page(call, page, rows, lambda row: row.out or collection.removed(row.id))


@router.post("/releases", status_code=201, response_model=ReleaseOut, responses=openapi.WRITE)
def create_release(call: Annotated[Write, writing(Scope.RELEASE_FIGURES)], body: ReleaseIn) -> Response:
    """Set the audience of the figures that end with a period, from a day on: wider or narrower than before."""
    partnership_id = call.partnership().id
    row = indicators.get_indicator(call.session, call.actor, partnership_id, body.indicator)
    if not call.access().releases_for(row.responsible_agency_id, row.suppliers):
        raise Forbidden("releases", call.actor, "not_responsible", NOT_YOURS)
    release = release_figures(call.change, row, body)
    out = releases.own_release_out(call.session, release, row, call.access(), call.visibility())
    return call.answer(out, 201)
