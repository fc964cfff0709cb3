"""The plan on a page, and the checks of the plan itself."""

import asyncio
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import MOST, Json, Problem
from app.ui.kit.forms import make_form
from app.ui.kit.render import page
from app.ui.kit.visit import Visit, require_visit


@dataclass(frozen=True)
class View:
    """Which plan and period, as known when: what a page's filter chose, and its links carry on."""

    plan: str | None
    period: str | None
    as_known_at: str | None

    @property
    def query(self) -> str:
        chosen = {name: value for name, value in vars(self).items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""


def view_of(request: Request) -> View:
    asked = request.query_params
    return View(asked.get("plan"), asked.get("period"), asked.get("as_known_at"))


async def plan_of(visit: Visit, code: str | None) -> Json | None:
    """The plan asked for, else the one that is shown where none is; none where there is no plan yet."""
    chosen = code or (visit.partnership or {}).get("plan")
    return await visit.api.get(f"/plans/{chosen}") if chosen else None


async def show(request: Request) -> Response:
    visit = await require_visit(request)
    view = view_of(request)
    form = make_form(period=view.period or "", as_known_at=view.as_known_at or "")
    plan = await plan_of(visit, view.plan)
    if plan is None:
        return page(request, "plan/no-plan.html")
    status = 200
    try:
        facts = await _facts(visit, plan, view)
    except Problem as problem:
        if problem.status != 422:
            raise
        status = form.add_problem(problem)
        view = View(view.plan, None, None)
        facts = await _facts(visit, plan, view)
    return page(request, "plan/plan.html", {"plan": plan, "view": view, "form": form, **facts}, status=status)


async def _facts(visit: Visit, plan: Json, view: View) -> dict[str, Any]:
    code = plan["code"]
    when = {"period": view.period, "as_known_at": view.as_known_at}
    summary, priorities, themes, indicators, returns = await asyncio.gather(
        visit.api.get(f"/plans/{code}/summary", **when),
        visit.api.get_all("/priorities", plan=code),
        visit.api.get_all("/themes", plan=code),
        visit.api.get_all("/indicators", plan=code, limit=MOST, **when),
        returns_summary(visit) if not view.as_known_at else _none(),
    )
    return {
        "summary": summary,
        "sections": sections(priorities, themes, indicators),
        "missing": [item for item in indicators if item["owed"] and item["priority"]],
        "attention": by_state(returns["attention"] if returns else []),
    }


def by_state(returns: list[Json]) -> list[tuple[str, list[Json]]]:
    """Returns that come in order of their states, state by state."""
    return [(state, list(found)) for state, found in groupby(returns, key=lambda each: each["state"])]


async def returns_summary(visit: Visit) -> Json | None:
    """How returns stand, as far as the visitor may see them."""
    return await visit.api.get("/returns/summary") if visit.may("submissions:read") else None


async def _none() -> None:
    return None


def sections(priorities: list[Json], themes: list[Json], indicators: list[Json]) -> list[Json]:
    """Each priority with its measure lines under their themes, in the plan's order, with their indicators.

    An indicator that no line names is shown after them, so that nothing measured goes unseen.
    """
    by_code = {item["code"]: item for item in indicators}
    names = {(theme["priority"], theme["code"]): theme["title"] for theme in themes}
    made = []
    for priority in sorted(priorities, key=lambda one: one["position"]):
        lines = [
            {**line, "items": [by_code[code] for code in line["indicators"] if code in by_code]}
            for line in priority["measures"]
        ]
        named = {code for line in priority["measures"] for code in line["indicators"]}
        lines += [
            {"words": item["title"], "theme": None, "measured_by": "indicator", "note": "", "items": [item]}
            for item in indicators
            if item["priority"] == priority["code"] and item["code"] not in named
        ]
        made.append({"priority": priority, "groups": _by_theme(lines, priority["code"], names)})
    return made


def _by_theme(lines: list[Json], priority: str, names: dict[tuple[str, str], str]) -> list[Json]:
    """Themes in the order of their first lines."""
    groups: dict[str | None, Json] = {}
    for line in lines:
        theme = line["theme"]
        title = names.get((priority, theme)) if theme else None
        groups.setdefault(theme, {"title": title, "lines": []})["lines"].append(line)
    return list(groups.values())


async def checks(request: Request) -> Response:
    visit = await require_visit(request)
    view = view_of(request)
    plan = await plan_of(visit, view.plan)
    if plan is None:
        return page(request, "plan/no-plan.html")
    found, priorities, indicators = await asyncio.gather(
        visit.api.get_all(f"/plans/{plan['code']}/checks"),
        visit.api.get_all("/priorities", plan=plan["code"]),
        visit.api.get_all("/indicators", plan=plan["code"]),
    )
    return page(
        request,
        "plan/checks.html",
        {
            "plan": plan,
            "view": view,
            "checks": found,
            "indicators": {item["code"]: item for item in indicators},
            "priorities": {item["code"]: item for item in priorities},
        },
    )


routes = [Route("/", show), Route("/checks", checks)]
