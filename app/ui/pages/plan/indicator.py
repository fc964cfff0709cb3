"""An indicator: rating, direction of travel, variation, its figures as chart and table, and their revisions."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import MOST, Json, Problem
from app.ui.kit.forms import make_form
from app.ui.kit.render import page
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.plan.plan import View, parse_view

LENGTHS = (("", "As they are usually sent"), ("month", "Months"), ("quarter", "Quarters"), ("year", "Years"))
REVISED_SHOWN = 24
"""Revised figures whose revisions are on the page; older ones are linked."""


async def show_indicator(request: Request) -> Response:
    visit = await require_visit(request)
    view = parse_view(request)
    code = request.path_params["code"]
    filters = {name: text for name, text in request.query_params.items() if text and is_filter(name)}
    form = make_form(period=view.period or "", as_known_at=view.as_known_at or "", **filters)
    status = 200
    try:
        facts = await _get_context(visit, code, view, filters)
    except Problem as problem:
        if problem.status != 422:
            raise
        status = form.add_problem(problem)
        view, filters = View(view.plan, None, None), {}
        facts = await _get_context(visit, code, view, filters)
    saved = "saved" in request.query_params
    context = {"view": view, "form": form, "narrowed": filters, "saved": saved, **facts}
    return page(request, "plan/indicator.html", context, status=status)


async def _get_context(visit: Visit, code: str, view: View, filters: dict[str, str]) -> dict[str, Any]:
    indicator, series, areas, priorities, returns = await asyncio.gather(
        visit.api.get(
            f"/indicators/{code}", plan=view.plan, period=view.period, as_known_at=view.as_known_at
        ),
        visit.api.get(
            f"/indicators/{code}/series",
            plan=view.plan,
            as_known_at=view.as_known_at,
            area=filters.get("area"),
            breakdown=to_breakdown_text(filters),
            by=filters.get("by"),
        ),
        visit.api.get_all("/areas"),
        visit.api.get_all("/priorities", plan=view.plan),
        _list_waiting_returns(visit, code),
    )
    revised = [point for point in series["points"] if point["revised"] and point["figure"]]
    newest_revised = revised[-REVISED_SHOWN:]
    histories = await asyncio.gather(*(_get_revisions(visit, point) for point in newest_revised))
    return {
        "indicator": indicator,
        "series": series,
        "returns": returns,
        "areas": {area["code"]: area["name"] for area in areas},
        "lengths": LENGTHS,
        "priority": next((one for one in priorities if one["code"] == indicator["priority"]), None),
        "histories": [
            {"point": point, "revisions": revisions}
            for point, revisions in zip(reversed(newest_revised), reversed(histories), strict=True)
        ],
        "may_send": "post" in indicator["may"],
        "may_edit": "edit" in indicator["may"],
        "may_release": "release" in indicator["may"],
        "releases": await _list_releases(visit, code) if "release" in indicator["may"] else [],
    }


async def _list_waiting_returns(visit: Visit, code: str) -> list[Json]:
    """Lists returns with this indicator that wait for their agency, except those merely due."""
    if not visit.may("submissions:read"):
        return []
    returns = await visit.api.get_all("/returns", indicator=code, limit=MOST)
    return [each for each in returns if each["waits_for"] == "agency" and each["state"] != "due"]


async def _list_releases(visit: Visit, code: str) -> list[Json]:
    """Lists releases of its figures, in force or still to come, newest period first."""
    releases = await visit.api.get_all("/releases", indicator=code)
    current = [each for each in releases if each["state"] != "replaced"]
    return sorted(current, key=lambda each: (each["period_end"], int(each["id"])), reverse=True)


def is_filter(name: str) -> bool:
    return name in ("area", "by") or name.startswith("breakdown.")


def to_breakdown_text(fields: dict[str, str]) -> str:
    """A breakdown as the API writes it: "strand=race", dimensions in alphabetical order."""
    parts = (name.removeprefix("breakdown.") for name in sorted(fields) if name.startswith("breakdown."))
    return ";".join(f"{part}={fields['breakdown.' + part]}" for part in parts)


async def _get_revisions(visit: Visit, point: Json) -> list[Json]:
    return await visit.api.get_all(f"/figures/{parse_id(point['figure'])}/revisions")


def parse_id(address: str) -> str:
    """The id at the end of a resource's address; an id alone is returned as it is."""
    return address.rstrip("/").rsplit("/", 1)[-1]


async def show_figure_history(request: Request) -> Response:
    """Shows one figure and its revisions."""
    visit = await require_visit(request)
    figure_id = request.path_params["figure"]
    figure, revisions = await asyncio.gather(
        visit.api.get(f"/figures/{figure_id}"), visit.api.get_all(f"/figures/{figure_id}/revisions")
    )
    return page(request, "figures/figure.html", {"figure": figure, "revisions": revisions})


routes = [
    Route("/indicators/{code}", show_indicator, name="indicator"),
    Route("/figures/history/{figure}", show_figure_history),
]
