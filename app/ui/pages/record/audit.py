"""The record of changes as a page: audit events, newest first."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.render import SHEET_SIZE, page, sheet_at_cursor
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.record.record_words import facts_of, subject_of


async def show_record(request: Request) -> Response:
    visit = await require_visit(request)
    query = request.query_params
    kind, subject = query.get("subject_kind"), query.get("subject")
    (entries, cursor), people, agencies = await asyncio.gather(
        visit.api.get_part(
            "/audit-events",
            SHEET_SIZE,
            order="newest",
            cursor=query.get("cursor"),
            subject_kind=kind,
            subject=subject,
        ),
        _person_names(visit),
        visit.api.get_all("/agencies", recipients="true"),
    )
    by_code = {agency["code"]: agency["name"] for agency in agencies}
    pages = _subject_pages(request)
    rows = [
        {"entry": entry, "subject": subject_of(entry, people, pages), "facts": facts_of(entry, by_code)}
        for entry in entries
    ]
    only = (people.get(subject, subject) if kind == "person" else subject) if subject else None
    return page(
        request, "record/record.html", {"sheet": sheet_at_cursor(request, rows, cursor), "only": only}
    )


def _subject_pages(request: Request) -> dict[str, str]:
    """Beginnings of pages' addresses, by kind of subject: the route of a subject's page is named for its kind."""
    routes = (route for route in request.app.routes if isinstance(route, Route))
    return {route.name: route.path.partition("{")[0] for route in routes if "{" in route.path}


async def _person_names(visit: Visit) -> dict[str, str]:
    """People's names by id; empty if the visitor may not read people."""
    if not visit.may("people:read"):
        return {}
    return {person["id"]: person["name"] for person in await visit.api.get_all("/users")}


routes = [Route("/record", show_record)]
