"""The plan on a page, and the checks of the plan itself."""

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import MOST, Json, Problem
from app.ui.kit.forms import filled
from app.ui.kit.render import page
from app.ui.kit.visit import Visit, signed_in


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
    """The plan asked for, else the adopted one of today, as the API itself chooses; none where there is no plan yet."""
    if code:
        return await visit.api.get(f"/plans/{code}")
    plans = await visit.api.every("/plans")
    if not plans:
        return None
    adopted = [plan for plan in plans if plan["status"] == "adopted"]
    covering = [plan for plan in adopted if plan["first_year"] <= year_of(visit.today) <= plan["last_year"]]
    return await visit.api.get(f"/plans/{(covering or adopted or plans)[-1]['code']}")


def year_of(day: str) -> str:
    """The financial year of a date, as the API writes it: "2017-18"."""
    year, month = int(day[:4]), int(day[5:7])
    first = year if month >= 4 else year - 1
    return f"{first}-{(first + 1) % 100:02d}"


async def show(request: Request) -> Response:
    visit = await signed_in(request)
    view = view_of(request)
    form = filled(period=view.period or "", as_known_at=view.as_known_at or "")
    plan = await plan_of(visit, view.plan)
    if plan is None:
        return page(request, "plan/no-plan.html")
    status = 200
    try:
        facts = await _facts(visit, plan, view)
    except Problem as problem:
        if problem.status != 422:
            raise
        status = form.explain(problem)
        view = View(view.plan, None, None)
        facts = await _facts(visit, plan, view)
    return page(request, "plan/plan.html", {"plan": plan, "view": view, "form": form, **facts}, status=status)


async def _facts(visit: Visit, plan: Json, view: View) -> dict[str, Any]:
    code = plan["code"]
    when = {"period": view.period, "as_known_at": view.as_known_at}
    summary, priorities, themes, indicators, returns = await asyncio.gather(
        visit.api.get(f"/plans/{code}/summary", **when),
        visit.api.every("/priorities", plan=code),
        visit.api.every("/themes", plan=code),
        visit.api.every("/indicators", plan=code, limit=MOST, **when),
        wanting(visit) if not view.as_known_at else _none(),
    )
    return {
        "summary": summary,
        "sections": sections(priorities, themes, indicators),
        "begins_later": begins(plan) > (view.as_known_at or visit.today),
        "begins": begins(plan),
        "missing": [item for item in indicators if item["owed"] and item["priority"]],
        "overdue": [each for each in returns if each["state"] == "overdue"],
        "queried": [each for each in returns if each["state"] == "queried"],
    }


def begins(plan: Json) -> str:
    """The plan's first day."""
    return f"{plan['first_year'][:4]}-04-01"


async def wanting(visit: Visit, **narrowed: str) -> list[Json]:
    """Returns that want something of somebody, as far as the visitor may see them."""
    if not visit.may("submissions:read"):
        return []
    found = await visit.api.every("/returns", limit=MOST, **narrowed)
    return [each for each in found if each["state"] in ("overdue", "late_reason_given", "queried")]


async def _none() -> list[Json]:
    return []


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
    visit = await signed_in(request)
    view = view_of(request)
    plan = await plan_of(visit, view.plan)
    if plan is None:
        return page(request, "plan/no-plan.html")
    found, priorities, indicators = await asyncio.gather(
        visit.api.every(f"/plans/{plan['code']}/checks"),
        visit.api.every("/priorities", plan=plan["code"]),
        visit.api.every("/indicators", plan=plan["code"]),
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
