"""Who may write in the pages of groups."""

from starlette.requests import Request

from app.ui.kit.visit import Visit, require_visit

WRITE = "plan:write"


async def require_writer(request: Request) -> Visit:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    return visit
