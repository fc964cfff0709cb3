"""Reminding every agency whose return is overdue, in one press."""

import asyncio
from collections.abc import Sequence
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import MOST, Json, Problem
from app.ui.kit.forms import make_form, read_form
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit


async def show_overdue(request: Request) -> Response:
    """Shows who would be reminded now, who cannot be, and what becomes of the messages."""
    visit = await require_visit(request)
    visit.require_scope("returns:check")
    newest, mail = await asyncio.gather(_list_newest_overdue(visit), visit.api.get("/mail"))
    done = request.query_params.get("done", "")
    context = {
        "reminded": [each for each in newest if "remind" in each["may"]],
        "others": [each for each in newest if "remind" not in each["may"]],
        "mail": mail,
        "done": int(done) if done.isdecimal() and len(done) < 5 else None,
        "form": make_form(),
    }
    return page(request, "returns/remind.html", context)


async def post_reminders(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    newest = [each for each in await _list_newest_overdue(visit) if "remind" in each["may"]]
    reminded = [await _is_reminded(visit, each, form.once) for each in newest]
    return redirect(f"/returns/remind?done={sum(reminded)}")


async def _is_reminded(visit: Visit, agency_return: Json, once: str) -> bool:
    """Reminds an agency of its return; False where somebody else has done so just now."""
    id_ = agency_return["id"]
    try:
        await visit.api.post(f"/returns/{id_}/remind", {}, once=f"{once}-{id_}")
    except Problem as problem:
        if problem.status != 409:
            raise
        return False
    return True


async def _list_newest_overdue(visit: Visit) -> list[Json]:
    """For each agency its newest overdue return of a quarter that is not closed, else its oldest overdue one.

    The reminder of the newest names the older ones, too.
    """
    overdue = await visit.api.get_all("/returns", is_overdue="true", limit=MOST)
    overdue.sort(key=lambda each: (each["agency"]["name"], each["agency"]["code"], each["period"]))
    by_agency = [list(group) for _, group in groupby(overdue, key=lambda each: each["agency"]["code"])]
    return list(await asyncio.gather(*(_get_newest(visit, own[::-1]) for own in by_agency)))


async def _get_newest(visit: Visit, newest_first: Sequence[Json]) -> Json:
    for each in newest_first:
        agency_return = await visit.api.get(f"/returns/{each['id']}")
        if agency_return["period_state"] != "closed":
            return agency_return
    return agency_return


routes = [
    Route("/returns/remind", show_overdue),
    Route("/returns/remind", post_reminders, methods=["POST"]),
]
