"""A meeting with its parts, the steps it allows, a new one, and a change of its day, kind and note."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import Form, day_values, make_form, read_form, save
from app.ui.kit.numbers import read_numbers
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.groups.writer import WRITE

KINDS = (
    ("ordinary", "Ordinary"),
    ("extraordinary", "Extraordinary"),
    ("public", "Public"),
    ("circulated", "Circulated by e-mail"),
)
STEPS = {"hold": "hold", "cancel": "cancel", "inquorate": "inquorate", "take-back": "take_back"}
"""Names in addresses, and in the API's `may`."""


async def show_meeting(request: Request) -> Response:
    visit = await require_visit(request)
    meeting = await visit.api.get(f"/meetings/{request.path_params['code']}")
    return _meeting_page(request, visit, meeting, make_form(version=meeting["version"], reason=""))


async def post_step(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    code, step = request.path_params["code"], request.path_params["step"]
    if step not in STEPS:
        raise HTTPException(404)
    reason = form.text("reason") or ""
    if step == "take-back" and not reason:
        form.add_error("reason", "Enter why the step is taken back")
    status = 422
    if not form.is_wrong:
        call = visit.api.decide(f"/meetings/{code}/{step}", {"reason": reason}, str(form["version"]))
        saved, status = await save(form, call)
        if saved is not None:
            return redirect(f"/meetings/{code}?saved=yes")
    meeting = await visit.api.get(f"/meetings/{code}")
    again = form.on_version(meeting["version"])
    return _meeting_page(request, visit, meeting, again, status)


def _meeting_page(request: Request, visit: Visit, meeting: Json, form: Form, status: int = 200) -> Response:
    context = {
        "meeting": meeting,
        "form": form,
        "may_edit": visit.may(WRITE),
        "took_place": meeting["state"] in ("held", "inquorate"),
        "is_to_come": meeting["day"] > visit.today,
        "saved": request.query_params.get("saved") == "yes",
    }
    return page(request, "groups/meeting.html", context, status=status)


async def show_new_meeting(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    group = await visit.api.get(f"/groups/{request.path_params['code']}")
    return _form_page(request, group, make_form(kind="ordinary"))


async def post_new_meeting(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    code = request.path_params["code"]
    day = form.day("day")
    items = [{"title": line.strip()} for line in str(form["items"]).splitlines() if line.strip()]
    status = 422
    if not form.is_wrong:
        body = {
            "group": code,
            "day": day,
            "kind": form.text("kind"),
            "note": form.text("note") or "",
            "items": items,
        }
        saved, status = await save(
            form, visit.api.post("/meetings", body, once=form.once), {"day": "day-day"}
        )
        if saved is not None:
            return redirect(f"/meetings/{saved['code']}?saved=yes")
    group = await visit.api.get(f"/groups/{code}")
    return _form_page(request, group, Form(form.values, form.messages, form.overall), status)


def _form_page(request: Request, group: Json, form: Form, status: int = 200) -> Response:
    context = {"group": group, "form": form, "kinds": KINDS}
    return page(request, "groups/meeting-form.html", context, status=status)


async def show_edit_form(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    meeting = await visit.api.get(f"/meetings/{request.path_params['code']}")
    values = {"kind": meeting["kind"], "note": meeting["note"], "quorum": meeting["quorum"]["needed"]}
    form = make_form(**values, **day_values("day", meeting["day"]), version=meeting["version"])
    return _edit_page(request, visit, meeting, form)


async def post_edit(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    code = request.path_params["code"]
    body: Json = {"day": form.day("day"), "kind": form.text("kind"), "note": form.text("note") or ""}
    if "quorum" in form.values:
        body["quorum"] = (await read_numbers(visit, form, whole=["quorum"]))["quorum"] or 0
    status = 422
    if not form.is_wrong:
        call = visit.api.patch(f"/meetings/{code}", body, str(form["version"]))
        saved, status = await save(form, call, {"day": "day-day"})
        if saved is not None:
            return redirect(f"/meetings/{code}?saved=yes")
    meeting = await visit.api.get(f"/meetings/{code}")
    again = form.on_version(meeting["version"])
    return _edit_page(request, visit, meeting, again, status)


def _edit_page(request: Request, visit: Visit, meeting: Json, form: Form, status: int = 200) -> Response:
    """The quorum is asked of a meeting whose day has come; before, it is the group's."""
    context = {
        "meeting": meeting,
        "form": form,
        "kinds": KINDS,
        "has_quorum": meeting["day"] <= visit.today and meeting["kind"] != "circulated",
    }
    return page(request, "groups/meeting-edit.html", context, status=status)


routes = [
    Route("/new/meeting/{code}", show_new_meeting),
    Route("/new/meeting/{code}", post_new_meeting, methods=["POST"]),
    Route("/meetings/{code}", show_meeting),
    Route("/meetings/{code}/edit", show_edit_form),
    Route("/meetings/{code}/edit", post_edit, methods=["POST"]),
    Route("/meetings/{code}/{step}", post_step, methods=["POST"]),
]
