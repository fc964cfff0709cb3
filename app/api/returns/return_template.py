"""Downloads the workbook to fill in for a return."""

from typing import Annotated, Any

from starlette.responses import Response

from app.api.figures.figure_body import XLSX
from app.api.returns.template_sheet import TemplateFacts, template
from app.api.server import openapi
from app.api.server.access import reading
from app.api.server.base import make_router
from app.api.server.call import Read
from app.api.server.problem import Forbidden
from app.domain.access.authority import Scope
from app.queries.returns import agency_return as returns
from app.queries.returns.return_template import template_rows

router = make_router("returns")
AS_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The workbook",
        "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}},
    },
    **openapi.ONE,
}


@router.get("/returns/{return_id}/template.xlsx", response_class=Response, responses=AS_FILE)
def get_return_template(call: Annotated[Read, reading(Scope.READ_SUBMISSIONS)], return_id: str) -> Response:
    """The workbook to fill in, with each figure owed beside its period and year before. It uploads as it is."""
    partnership = call.partnership()
    return_ = returns.get_return(call.session, call.actor, partnership, return_id, call.today)
    access = call.actor.access_in(partnership.id)
    if access is None or not (access.is_staff or return_.may_act_for_agency(access)):
        raise Forbidden(Scope.POST_FIGURES, call.actor)
    about = TemplateFacts(partnership.name, return_.agency.name, return_.quarter.label, call.today)
    workbook = template(template_rows(call.session, call.actor, partnership, return_, call.today), about)
    response = call.cacheable(workbook, XLSX)
    name = f"{return_.quarter}-{return_.agency.code}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
