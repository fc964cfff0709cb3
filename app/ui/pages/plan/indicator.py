"""An indicator: its three verdicts, its figures as a chart and as a table, and everything they have been."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import MOST, Json, Problem
from app.ui.kit.forms import make_form
from app.ui.kit.render import page
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.plan.plan import View, view_of

LENGTHS = (("", "As they are usually sent"), ("month", "Months"), ("quarter", "Quarters"), ("year", "Years"))
REVISED_SHOWN = 24
"""How many revised figures' histories a page holds; older ones are a click away."""


async def show(request: Request) -> Response:
    visit = await require_visit(request)
    view = view_of(request)
    code = request.path_params["code"]
    narrowed = {name: value for name, value in request.query_params.items() if value and is_narrowing(name)}
    form = make_form(period=view.period or "", as_known_at=view.as_known_at or "", **narrowed)
    status = 200
    try:
        facts = await _facts(visit, code, view, narrowed)
    except Problem as problem:
        if problem.status != 422:
            raise
        status = form.add_problem(problem)
        view, narrowed = View(view.plan, None, None), {}
        facts = await _facts(visit, code, view, narrowed)
    saved = "saved" in request.query_params
    context = {"view": view, "form": form, "narrowed": narrowed, "saved": saved, **facts}
    return page(request, "plan/indicator.html", context, status=status)


async def _facts(visit: Visit, code: str, view: View, narrowed: dict[str, str]) -> dict[str, Any]:
    indicator, series, areas, priorities, returns = await asyncio.gather(
        visit.api.get(
            f"/indicators/{code}", plan=view.plan, period=view.period, as_known_at=view.as_known_at
        ),
        visit.api.get(
            f"/indicators/{code}/series",
            plan=view.plan,
            as_known_at=view.as_known_at,
            area=narrowed.get("area"),
            breakdown=breakdown_of(narrowed),
            by=narrowed.get("by"),
        ),
        visit.api.get_all("/areas"),
        visit.api.get_all("/priorities", plan=view.plan),
        _waiting(visit, code),
    )
    revised = [point for point in series["points"] if point["revised"] and point["figure"]]
    shown = revised[-REVISED_SHOWN:]
    histories = await asyncio.gather(*(_history(visit, point) for point in shown))
    return {
        "indicator": indicator,
        "series": series,
        "returns": returns,
        "areas": {area["code"]: area["name"] for area in areas},
        "lengths": LENGTHS,
        "priority": next((one for one in priorities if one["code"] == indicator["priority"]), None),
        "histories": [
            {"point": point, "revisions": history}
            for point, history in zip(reversed(shown), reversed(histories), strict=True)
        ],
        "may_send": "post" in indicator["may"],
        "may_edit": "edit" in indicator["may"],
        "may_release": "release" in indicator["may"],
        "releases": await _approvals(visit, code) if "release" in indicator["may"] else [],
    }


async def _waiting(visit: Visit, code: str) -> list[Json]:
    """Returns it belongs to that wait for their agency; one that is merely due is no news."""
    if not visit.may("submissions:read"):
        return []
    found = await visit.api.get_all("/returns", indicator=code, limit=MOST)
    return [each for each in found if each["waits_for"] == "agency" and each["state"] != "due"]


async def _approvals(visit: Visit, code: str) -> list[Json]:
    """To show its figures: those in force or still to come, of the newest period first."""
    found = await visit.api.get_all("/releases", indicator=code)
    standing = [each for each in found if each["state"] != "replaced"]
    return sorted(standing, key=lambda each: (each["period_end"], int(each["id"])), reverse=True)


def is_narrowing(name: str) -> bool:
    return name in ("area", "by") or name.startswith("breakdown.")


def breakdown_of(fields: dict[str, str]) -> str:
    """As the API names a part of a whole: "strand=race", dimensions in alphabetical order."""
    parts = (name.removeprefix("breakdown.") for name in sorted(fields) if name.startswith("breakdown."))
    return ";".join(f"{part}={fields['breakdown.' + part]}" for part in parts)


async def _history(visit: Visit, point: Json) -> list[Json]:
    return await visit.api.get_all(f"/figures/{last_part(point['figure'])}/revisions")


def last_part(address: str) -> str:
    """A thing's id, from its id or its address."""
    return address.rstrip("/").rsplit("/", 1)[-1]


async def history(request: Request) -> Response:
    """One figure and everything it has been."""
    visit = await require_visit(request)
    figure_id = request.path_params["figure"]
    figure, revisions = await asyncio.gather(
        visit.api.get(f"/figures/{figure_id}"), visit.api.get_all(f"/figures/{figure_id}/revisions")
    )
    return page(request, "figures/figure.html", {"figure": figure, "revisions": revisions})


routes = [Route("/indicators/{code}", show), Route("/figures/history/{figure}", history)]
