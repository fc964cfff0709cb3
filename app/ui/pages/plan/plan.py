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

MOST_NAMED = 5
"""Entries of a kind that "needs attention" names one by one; more are a count and the way to the list."""


@dataclass(frozen=True)
class View:
    """A page's filter: plan, period and day of knowledge; the page's links repeat it."""

    plan: str | None
    period: str | None
    as_known_at: str | None

    @property
    def query(self) -> str:
        chosen = {name: text for name, text in vars(self).items() if text}
        return f"?{urlencode(chosen)}" if chosen else ""


def parse_view(request: Request) -> View:
    query = request.query_params
    return View(query.get("plan"), query.get("period"), query.get("as_known_at"))


async def get_plan(visit: Visit, code: str | None) -> Json | None:
    """Gets the plan by its code, else the partnership's default plan; None if there is no plan yet."""
    chosen = code or (visit.partnership or {}).get("plan")
    return await visit.api.get(f"/plans/{chosen}") if chosen else None


async def show_plan(request: Request) -> Response:
    visit = await require_visit(request)
    view = parse_view(request)
    form = make_form(period=view.period or "", as_known_at=view.as_known_at or "")
    plan = await get_plan(visit, view.plan)
    if plan is None:
        return page(request, "plan/no-plan.html")
    status = 200
    try:
        facts = await _get_context(visit, plan, view)
    except Problem as problem:
        if problem.status != 422:
            raise
        status = form.add_problem(problem)
        view = View(view.plan, None, None)
        facts = await _get_context(visit, plan, view)
    return page(request, "plan/plan.html", {"plan": plan, "view": view, "form": form, **facts}, status=status)


async def _get_context(visit: Visit, plan: Json, view: View) -> dict[str, Any]:
    code = plan["code"]
    when = {"period": view.period, "as_known_at": view.as_known_at}
    summary, priorities, themes, indicators, returns, quarters = await asyncio.gather(
        visit.api.get(f"/plans/{code}/summary", **when),
        visit.api.get_all("/priorities", plan=code),
        visit.api.get_all("/themes", plan=code),
        visit.api.get_all("/indicators", plan=code, limit=MOST, **when),
        get_returns_summary(visit) if not view.as_known_at else _no_summary(),
        visit.api.get_all("/reporting-periods"),
    )
    return {
        "summary": summary,
        "sections": sections(priorities, themes, indicators),
        "missing": [indicator for indicator in indicators if indicator["owed"] and indicator["priority"]],
        "attention": attention_groups(returns["attention"] if returns else []),
        "plan_attention": group_by(summary["attention"], "code"),
        "most_named": MOST_NAMED,
        "frozen": next((each for each in reversed(quarters) if each["has_snapshot"]), None),
    }


def attention_groups(returns: list[Json]) -> list[tuple[str, str, list[Json]]]:
    """State, label and returns of each group. One that is overdue and queried stands in both groups."""
    overdue = [each for each in returns if each["is_overdue"]]
    others = group_by([each for each in returns if each["state"] != "overdue"], "state")
    groups = [(state, group[0]["label"], group) for state, group in others]
    return [("overdue", "Overdue", overdue), *groups] if overdue else groups


def group_by(entries: list[Json], name: str) -> list[tuple[str, list[Json]]]:
    """Groups entries by a field; they must be in its order."""
    return [(kind, list(group)) for kind, group in groupby(entries, key=lambda each: each[name])]


async def get_returns_summary(visit: Visit) -> Json | None:
    """Gets the counts of returns by state; None if the visitor may not see returns."""
    return await visit.api.get("/returns/summary") if visit.may("submissions:read") else None


async def _no_summary() -> None:
    return None


def sections(priorities: list[Json], themes: list[Json], indicators: list[Json]) -> list[Json]:
    """Each priority with its measure lines by theme and their indicators, in the plan's order.

    Indicators that no line names follow, so that none is missing from the page.
    """
    by_code = {indicator["code"]: indicator for indicator in indicators}
    names = {(theme["priority"], theme["code"]): theme["title"] for theme in themes}
    plan_sections = []
    for priority in sorted(priorities, key=lambda one: one["position"]):
        lines = [
            {**line, "items": [by_code[code] for code in line["indicators"] if code in by_code]}
            for line in priority["measures"]
        ]
        named = {code for line in priority["measures"] for code in line["indicators"]}
        lines += [
            _line_of(indicator)
            for indicator in indicators
            if indicator["priority"] == priority["code"] and indicator["code"] not in named
        ]
        plan_sections.append({"priority": priority, "groups": _by_theme(lines, priority["code"], names)})
    return plan_sections


def _line_of(indicator: Json) -> Json:
    """A measure line for an indicator that no line of the plan names."""
    return {
        "words": indicator["title"],
        "theme": None,
        "measured_by": "indicator",
        "note": "",
        "items": [indicator],
    }


def _by_theme(lines: list[Json], priority: str, names: dict[tuple[str, str], str]) -> list[Json]:
    """Groups lines by theme, in the order of each theme's first line."""
    groups: dict[str | None, Json] = {}
    for line in lines:
        theme = line["theme"]
        title = names.get((priority, theme)) if theme else None
        groups.setdefault(theme, {"title": title, "lines": []})["lines"].append(line)
    return list(groups.values())


async def show_checks(request: Request) -> Response:
    visit = await require_visit(request)
    view = parse_view(request)
    plan = await get_plan(visit, view.plan)
    if plan is None:
        return page(request, "plan/no-plan.html")
    checks, priorities, indicators = await asyncio.gather(
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
            "checks": checks,
            "indicators": {each["code"]: each for each in indicators},
            "priorities": {each["code"]: each for each in priorities},
        },
    )


routes = [Route("/", show_plan), Route("/checks", show_checks)]
