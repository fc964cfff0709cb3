"""The record: who changed what, and when."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.client import MOST
from app.ui.forms import filled
from app.ui.render import page, sheet
from app.ui.visit import signed_in


async def show(request: Request) -> Response:
    visit = await signed_in(request)
    asked = request.query_params
    kind, subject = asked.get("subject_kind"), asked.get("subject")
    events = await visit.api.every("/audit-events", subject_kind=kind, subject=subject, limit=MOST)
    context = {
        "sheet": sheet(request, events[::-1]),
        "form": filled(subject_kind=kind or "", subject=subject or ""),
    }
    return page(request, "record.html", context)


routes = [Route("/record", show)]
