"""A quarter's way to its close: its dates, what is left to do, the cut-off with what it froze, and the close."""

import asyncio
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json, Problem
from app.ui.kit.forms import Form, day_values, make_form, read_form
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit

DAYS = ("cut_off_on", "board_on")
STEPS = {"cut-off": "note", "close": "note", "reopen": "reason"}
"""The steps a quarter takes, and the field each asks for."""
SAID = {
    "dates": "The dates are kept.",
    "cut-off": "The quarter is cut off. Its figures, ratings and reasons are frozen as they stand.",
    "close": "The quarter is closed. Its figures are locked.",
    "reopen": "The quarter is open again.",
}


async def show(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope("submissions:read")
    return await _show(request, visit)


async def _show(request: Request, visit: Visit, form: Form | None = None, status: int = 200) -> Response:
    address = f"/reporting-periods/{request.path_params['period']}"
    read, left = await asyncio.gather(
        visit.api.request("GET", address), visit.api.get(f"{address}/checklist")
    )
    quarter = read.body
    now = {name: value for day in DAYS for name, value in day_values(day, quarter[day]).items()}
    form = form or make_form(**now, version=read.version, note="", reason="")
    context = {
        "quarter": quarter,
        "left": left,
        "form": form,
        "said": SAID.get(request.query_params.get("done", "")),
        "overtaken": status == 412,
    }
    return page(request, "returns/quarter.html", context, status=status)


async def plan(request: Request) -> Response:
    """Its dates. Somebody else's, saved meanwhile, are told and not written over unseen."""
    visit = await require_visit(request)
    form = await read_form(request)
    period = request.path_params["period"]
    dates = {name: form.day(name, needed=False) for name in DAYS}
    status = 422
    if not form.is_wrong:
        try:
            await visit.api.patch(f"/reporting-periods/{period}", dates, str(form["version"]))
            return redirect(f"/quarters/{period}?done=dates")
        except Problem as problem:
            status = await _refused(visit, form, problem, period)
    return await _show(request, visit, _again(form), status)


async def _refused(visit: Visit, form: Form, problem: Problem, period: str) -> int:
    if problem.status not in (400, 409, 412, 422):
        raise problem
    if problem.status != 412:
        return form.add_problem(problem, {name: f"{name}-day" for name in DAYS})
    form.values["version"] = (await visit.api.request("GET", f"/reporting-periods/{period}")).version
    return 412


async def step(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    period, name = request.path_params["period"], request.path_params["step"]
    if name not in STEPS:
        raise HTTPException(404)
    field = STEPS[name]
    if field == "reason" and not form.text(field):
        form.add_error(field, "Say why it is opened again")
    status = 422
    if not form.is_wrong:
        try:
            body = {field: form.text(field) or ""}
            await visit.api.post(f"/reporting-periods/{period}/{name}", body, once=form.once)
            return redirect(f"/quarters/{period}?done={name}")
        except Problem as problem:
            if problem.status not in (400, 409, 422):
                raise
            status = form.add_problem(problem)
    return await _show(request, visit, _again(form), status)


def _again(form: Form) -> Form:
    return Form(form.values, form.messages, form.overall)


async def snapshot(request: Request) -> Response:
    """What was frozen at the cut-off."""
    visit = await require_visit(request)
    period = request.path_params["period"]
    frozen: Json = await visit.api.get(f"/reporting-periods/{period}/snapshot")
    context: dict[str, Any] = {"period": period, "frozen": frozen}
    return page(request, "returns/snapshot.html", context)


routes = [
    Route("/quarters/{period}", show),
    Route("/quarters/{period}/snapshot", snapshot),
    Route("/quarters/{period}/dates", plan, methods=["POST"]),
    Route("/quarters/{period}/{step}", step, methods=["POST"]),
]
