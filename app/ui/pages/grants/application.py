"""An application: what is asked for, what was approved, its scores, and the steps that are open."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json, Problem
from app.ui.kit.forms import Form, make_form, read_form, save
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit

ADDRESS = "/funding/applications"
STEPS = {
    "submit": ("Send it", "note", "Note"),
    "assess": ("Pass it to the panel", "note", "Note"),
    "ask_for_changes": ("Ask for changes", "reason", "What is to change?"),
    "ineligible": ("Record that it is not eligible", "reason", "Why?"),
    "withdraw": ("Take it back", "reason", "Why?"),
}
"""By step: words, the field of its request, and that field's label."""


async def show_application(request: Request) -> Response:
    visit = await require_visit(request)
    code = request.path_params["code"]
    application = await visit.api.get(f"/applications/{code}")
    decision = application["decision"]
    appraisals = await visit.api.get_all("/appraisals", round=application["round"]["code"])
    context = {
        "application": application,
        "appraisals": [each for each in appraisals if each["application"] == code],
        "may_read_round": await visit.may_read(f"/rounds/{application['round']['code']}"),
        "decision": await visit.api.get(f"/decisions/{decision}") if decision is not None else None,
        "steps": [(name, STEPS[name][0]) for name in STEPS if name in application["may"]],
        "saved": request.query_params.get("saved") == "yes",
    }
    return page(request, "grants/application.html", context)


async def show_step(request: Request) -> Response:
    visit = await require_visit(request)
    application = await _get(visit, request)
    return _step_page(request, application, make_form(version=application["version"], text=""))


async def post_step(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    code, step = request.path_params["code"], request.path_params["step"]
    _, field, _ = _words(step)
    if field == "reason" and not form.text("text"):
        form.add_error("text", "Say why")
    status = 422
    if not form.is_wrong:
        path = f"/applications/{code}/{step.replace('_', '-')}"
        call = visit.api.decide(path, {field: form.text("text") or ""}, str(form["version"]))
        _, status = await save(form, call)
    if status == 200:
        return redirect(f"{ADDRESS}/{code}?saved=yes")
    application = await _get(visit, request)
    return _step_page(request, application, form.on_version(application["version"]), status)


async def show_letter(request: Request) -> Response:
    visit = await require_visit(request)
    application = await _get(visit, request)
    form = make_form(version=application["version"], feedback=application["feedback"])
    return page(request, "grants/letter.html", {"application": application, "form": form})


async def post_letter(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    code = request.path_params["code"]
    body = {"told_on": form.day("told_on"), "feedback": form.text("feedback") or ""}
    status = 422
    if not form.is_wrong:
        call = visit.api.decide(f"/applications/{code}/tell", body, str(form["version"]))
        _, status = await save(form, call, {"told_on": "told_on-day"})
    if status == 200:
        return redirect(f"{ADDRESS}/{code}?saved=yes")
    application = await _get(visit, request)
    context = {"application": application, "form": form.on_version(application["version"])}
    return page(request, "grants/letter.html", context, status=status)


async def _get(visit: Visit, request: Request) -> Json:
    return await visit.api.get(f"/applications/{request.path_params['code']}")


def _words(step: str) -> tuple[str, str, str]:
    if step not in STEPS:
        raise Problem(404, "not_found", "")
    return STEPS[step]


def _step_page(request: Request, application: Json, form: Form, status: int = 200) -> Response:
    words, field, label = _words(request.path_params["step"])
    context = {
        "application": application,
        "form": form,
        "step": request.path_params["step"],
        "words": words,
        "label": label,
        "is_needed": field == "reason",
    }
    return page(request, "grants/application-step.html", context, status=status)


routes = [
    Route("/funding/applications/{code}", show_application, name="application"),
    Route("/funding/applications/{code}/steps/{step}", show_step),
    Route("/funding/applications/{code}/steps/{step}", post_step, methods=["POST"]),
    Route("/funding/applications/{code}/letter", show_letter),
    Route("/funding/applications/{code}/letter", post_letter, methods=["POST"]),
]
