"""A quarter: its dates, its checklist, and the steps cut-off, close and reopen; its snapshot."""

import asyncio
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json, Problem
from app.ui.kit.forms import Form, day_values, make_form, read_form, save
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit

DAYS = ("cut_off_on", "board_on")
STEPS = {"cut-off": "note", "close": "note", "reopen": "reason"}
"""The steps a quarter takes, and the field each asks for."""
CONFIRMED = {"cut-off": "cut_off", "close": "close"}
"""Steps that a page asks about first, and their names in the API's `may`."""
DONE_MESSAGES = {
    "dates": "The dates are kept.",
    "cut-off": "The quarter is cut off. Its figures, ratings and reasons are frozen as they stand.",
    "close": "The quarter is closed. Its figures are locked.",
    "reopen": "The quarter is open again.",
}


async def show_quarter(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope("submissions:read")
    return await _quarter_page(request, visit)


async def _quarter_page(
    request: Request, visit: Visit, form: Form | None = None, status: int = 200
) -> Response:
    address = f"/reporting-periods/{request.path_params['period']}"
    response, left = await asyncio.gather(visit.api.request("GET", address), _get_checklist(visit, address))
    quarter = response.body
    now = {name: digits for day in DAYS for name, digits in day_values(day, quarter[day]).items()}
    form = form or make_form(**now, version=response.version, note="", reason="")
    context = {
        "quarter": quarter,
        "left": left,
        "form": form,
        "said": DONE_MESSAGES.get(request.query_params.get("done", "")),
        "overtaken": status == 412 and not form.is_wrong,
    }
    return page(request, "returns/quarter.html", context, status=status)


async def _get_checklist(visit: Visit, address: str) -> Json | None:
    """Gets what is left to settle; None for a reader who does not work on the close, such as an auditor."""
    try:
        return await visit.api.get(f"{address}/checklist")
    except Problem as problem:
        if problem.status == 404:
            return None
        raise


async def post_dates(request: Request) -> Response:
    """Saves the dates. If somebody else changed them meanwhile, saves nothing and shows theirs with the form."""
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
            status = await _add_refusal(visit, form, problem, period)
    return await _quarter_page(request, visit, _with_new_key(form), status)


async def _add_refusal(visit: Visit, form: Form, problem: Problem, period: str) -> int:
    if problem.status not in (400, 409, 412, 422):
        raise problem
    if problem.status != 412:
        return form.add_problem(problem, {name: f"{name}-day" for name in DAYS})
    form.values["version"] = (await visit.api.request("GET", f"/reporting-periods/{period}")).version
    return 412


async def show_step_form(request: Request) -> Response:
    """Says what the step would freeze or lock and what is missing, and asks."""
    visit = await require_visit(request)
    if request.path_params["step"] not in CONFIRMED:
        raise HTTPException(404)
    visit.require_scope("periods:write")
    period = request.path_params["period"]
    version = (await visit.api.request("GET", f"/reporting-periods/{period}")).version
    return await _step_page(request, visit, make_form(note="", version=version))


async def _step_page(request: Request, visit: Visit, form: Form, status: int = 200) -> Response:
    """The step's page; the quarter's where the step is not possible, as somebody else has taken it."""
    period, name = request.path_params["period"], request.path_params["step"]
    address = f"/reporting-periods/{period}"
    quarter, left = await asyncio.gather(visit.api.get(address), visit.api.get(f"{address}/checklist"))
    if CONFIRMED[name] not in quarter["may"]:
        if form.is_wrong:
            return await _quarter_page(request, visit, form, status)
        return redirect(f"/quarters/{period}")
    context = {"quarter": quarter, "left": left, "form": form, "step": name}
    return page(request, "returns/quarter-step.html", context, status=status)


async def post_step(request: Request) -> Response:
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
        posting = visit.api.post_if_match(
            f"/reporting-periods/{period}/{name}",
            {field: form.text(field) or ""},
            once=form.once,
            version=str(form["version"]),
        )
        _, status = await save(form, posting)
    if status == 200:
        return redirect(f"/quarters/{period}?done={name}")
    version = (await visit.api.request("GET", f"/reporting-periods/{period}")).version
    asks_again = _step_page if name in CONFIRMED else _quarter_page
    return await asks_again(request, visit, form.on_version(version), status)


def _with_new_key(form: Form) -> Form:
    return Form(form.values, form.messages, form.overall)


async def show_snapshot(request: Request) -> Response:
    """Shows the figures, ratings and reasons frozen at the cut-off."""
    visit = await require_visit(request)
    period = request.path_params["period"]
    frozen, quarters = await asyncio.gather(
        visit.api.get(f"/reporting-periods/{period}/snapshot"), visit.api.get_all("/reporting-periods")
    )
    others = [each for each in reversed(quarters) if each["has_snapshot"] and each["period"] != period]
    context: dict[str, Any] = {"period": period, "frozen": frozen, "others": others}
    return page(request, "returns/snapshot.html", context)


routes = [
    Route("/quarters/{period}", show_quarter, name="reporting_period"),
    Route("/quarters/{period}/snapshot", show_snapshot),
    Route("/quarters/{period}/dates", post_dates, methods=["POST"]),
    Route("/quarters/{period}/{step}", show_step_form),
    Route("/quarters/{period}/{step}", post_step, methods=["POST"]),
]
