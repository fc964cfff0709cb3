"""The day from which figures are owed: a setting of the partnership, for its staff."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Problem
from app.ui.kit.forms import Form, day_values, make_form, read_form
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit

DAY = "owed_from"


async def show_owed_from(request: Request) -> Response:
    visit = await _staff_visit(request)
    response = await visit.api.request("GET", _address(visit))
    form = make_form(**day_values(DAY, response.body[DAY]), version=response.version, reason="")
    return page(request, "returns/owed-from.html", {"form": form, "overtaken": False})


async def post_owed_from(request: Request) -> Response:
    """Saves the day; blank, figures of the whole plan are owed."""
    visit = await _staff_visit(request)
    form = await read_form(request)
    day = form.day(DAY, needed=False)
    if not form.text("reason"):
        form.add_error("reason", "Say why")
    status = 422
    if not form.is_wrong:
        try:
            body = {DAY: day, "reason": form.text("reason")}
            await visit.api.patch(_address(visit), body, str(form["version"]))
            return redirect("/returns?done=owed-from")
        except Problem as problem:
            status = await _add_refusal(visit, form, problem)
    context = {"form": Form(form.values, form.messages, form.overall), "overtaken": status == 412}
    return page(request, "returns/owed-from.html", context, status=status)


async def _staff_visit(request: Request) -> Visit:
    visit = await require_visit(request)
    visit.require_scope("plan:write")
    if visit.partnership is None:
        raise Problem(404, "not_found", "")
    return visit


def _address(visit: Visit) -> str:
    code = visit.partnership["code"] if visit.partnership else ""
    return f"/partnerships/{code}"


async def _add_refusal(visit: Visit, form: Form, problem: Problem) -> int:
    if problem.status not in (400, 409, 412, 422):
        raise problem
    if problem.status != 412:
        return form.add_problem(problem, {DAY: f"{DAY}-day"})
    form.values["version"] = (await visit.api.request("GET", _address(visit))).version
    return 412


routes = [
    Route("/owed-from", show_owed_from),
    Route("/owed-from", post_owed_from, methods=["POST"]),
]
