"""An action that arose at a meeting: entered, and followed."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import Form, day_values, make_form, read_form, save
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.groups.choices import post_choices
from app.ui.pages.groups.writer import WRITE

STATES = (
    ("not_started", "Not started"),
    ("on_track", "On track"),
    ("at_risk", "At risk"),
    ("late", "Late"),
    ("done", "Done"),
    ("stopped", "Stopped"),
)
TEXTS = ("progress", "what_changed", "heard_how")
POSTS = ("owner", "on_behalf_of")


async def show_new_action(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    meeting = await visit.api.get(f"/meetings/{request.path_params['code']}")
    return await _new_page(request, visit, make_form(), meeting)


async def post_new_action(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    meeting = await visit.api.get(f"/meetings/{request.path_params['code']}")
    if not form.text("text"):
        form.add_error("text", "Enter what is to be done")
    body = {
        "meeting": meeting["code"],
        "text": form.text("text"),
        "decision": form.text("decision"),
        "owner": form.text("owner"),
        "due_on": form.day("due_on", needed=False),
    }
    status = 422
    if not form.is_wrong:
        call = visit.api.post("/meeting-actions", body, once=form.once)
        saved, status = await save(form, call, {"due_on": "due_on-day"})
        if saved is not None:
            return redirect(f"/meetings/{meeting['code']}?saved=yes")
    return await _new_page(request, visit, Form(form.values, form.messages, form.overall), meeting, status)


async def _new_page(request: Request, visit: Visit, form: Form, meeting: Json, status: int = 200) -> Response:
    context = {
        "form": form,
        "meeting": meeting,
        "posts": await post_choices(visit),
        "decisions": [("", "None"), *((each["code"], each["text"]) for each in meeting["decisions"])],
    }
    return page(request, "groups/action-new.html", context, status=status)


async def show_action(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    action = await visit.api.get(f"/meeting-actions/{request.path_params['code']}")
    values = {name: action[name] or "" for name in (*TEXTS, "state")}
    values |= {name: (action[name] or {}).get("code", "") for name in POSTS}
    values |= day_values("due_on", action["due_on"])
    return await _form_page(request, visit, make_form(**values, reason="", version=action["version"]), action)


async def post_action(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    code = request.path_params["code"]
    body: Json = {name: form.text(name) or "" for name in TEXTS}
    body |= {name: form.text(name) for name in (*POSTS, "state")}
    body |= {"due_on": form.day("due_on", needed=False), "reason": form.text("reason")}
    status = 422
    if not form.is_wrong:
        call = visit.api.patch(f"/meeting-actions/{code}", body, str(form["version"]))
        saved, status = await save(form, call, {"due_on": "due_on-day"})
        if saved is not None:
            return redirect(f"/meetings/{saved['meeting']['code']}?saved=yes")
    action = await visit.api.get(f"/meeting-actions/{code}")
    again = form.on_version(action["version"])
    return await _form_page(request, visit, again, action, status)


async def _form_page(request: Request, visit: Visit, form: Form, action: Json, status: int = 200) -> Response:
    context = {"form": form, "action": action, "states": STATES, "posts": await post_choices(visit)}
    return page(request, "groups/action.html", context, status=status)


routes = [
    Route("/new/meeting-action/{code}", show_new_action),
    Route("/new/meeting-action/{code}", post_new_action, methods=["POST"]),
    Route("/meeting-actions/{code}", show_action),
    Route("/meeting-actions/{code}", post_action, methods=["POST"]),
]
