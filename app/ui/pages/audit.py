"""The record: who changed what, and when."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.forms import filled
from app.ui.render import page
from app.ui.visit import signed_in

A_PAGE = "50"


async def show(request: Request) -> Response:
    visit = await signed_in(request)
    asked = request.query_params
    kind, subject, cursor = asked.get("subject_kind"), asked.get("subject"), asked.get("cursor")
    events, following = await visit.api.some(
        "/audit-events", subject_kind=kind, subject=subject, limit=A_PAGE, cursor=cursor
    )
    context = {
        "events": events,
        "following": following,
        "cursor": cursor,
        "form": filled(subject_kind=kind or "", subject=subject or ""),
    }
    return page(request, "record.html", context)


routes = [Route("/record", show)]
