"""One priority: its evidence, objectives and actions, and its indicators with their ratings."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.render import page
from app.ui.kit.visit import require_visit
from app.ui.pages.plan.plan import get_plan, parse_view, sections


async def show_priority(request: Request) -> Response:
    visit = await require_visit(request)
    view = parse_view(request)
    code = request.path_params["code"]
    priority = await visit.api.get(f"/priorities/{code}", plan=view.plan)
    plan, themes, objectives, actions, indicators = await asyncio.gather(
        get_plan(visit, priority["plan"]),
        visit.api.get_all("/themes", plan=priority["plan"], priority=code),
        visit.api.get_all("/objectives", plan=priority["plan"], priority=code),
        visit.api.get_all("/actions", plan=priority["plan"], priority=code),
        visit.api.get_all(
            "/indicators",
            plan=priority["plan"],
            priority=code,
            period=view.period,
            as_known_at=view.as_known_at,
        ),
    )
    return page(
        request,
        "plan/priority.html",
        {
            "plan": plan,
            "view": view,
            "priority": priority,
            "section": sections([priority], themes, indicators)[0],
            "themes": {theme["code"]: theme["title"] for theme in themes},
            "objectives": objectives,
            "actions": actions,
        },
    )


routes = [Route("/priorities/{code}", show_priority)]
