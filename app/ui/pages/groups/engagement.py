"""Engagements: all of them, one, and the forms to add and change one."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import Form, day_values, make_form, read_form, save
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.groups.choices import area_choices, code_values, group_choices
from app.ui.pages.groups.writer import WRITE, require_writer

TEXTS = ("title", "place", "people", "heard", "done", "note")
CODES = ("area", "group")
SAVED = {"added": "The engagement is added", "yes": "Your change is saved"}


async def show_engagements(request: Request) -> Response:
    visit = await require_visit(request)
    engagements = await visit.api.get_all("/engagements")
    newest_first = sorted(engagements, key=lambda each: str(each["begins_on"]), reverse=True)
    context = {"engagements": newest_first, "may_add": visit.may(WRITE)}
    return page(request, "groups/engagements.html", context)


async def show_engagement(request: Request) -> Response:
    visit = await require_visit(request)
    context: dict[str, Any] = {
        "engagement": await _get_engagement(visit, request),
        "may_edit": visit.may(WRITE),
        "saved": SAVED.get(request.query_params.get("saved", "")),
    }
    return page(request, "groups/engagement.html", context)


async def _get_engagement(visit: Visit, request: Request) -> Json:
    return await visit.api.get(f"/engagements/{request.path_params['code']}")


async def show_new_form(request: Request) -> Response:
    visit = await require_writer(request)
    return await _edit_page(request, visit, make_form(), None)


async def add_engagement(request: Request) -> Response:
    visit = await require_writer(request)
    form = await read_form(request)
    body = _body(form)
    status = 422
    if not form.is_wrong:
        added, status = await save(form, visit.api.post("/engagements", body, once=form.once))
        if added is not None:
            return redirect(f"/engagements/{added['code']}?saved=added")
    return await _edit_page(request, visit, form, None, status)


async def show_edit_form(request: Request) -> Response:
    visit = await require_writer(request)
    engagement = await _get_engagement(visit, request)
    values = {name: engagement[name] for name in TEXTS} | code_values(engagement, CODES)
    days = {
        **day_values("begins_on", engagement["begins_on"]),
        **day_values("ends_on", engagement["ends_on"]),
    }
    form = make_form(**values, **days, version=engagement["version"])
    return await _edit_page(request, visit, form, engagement)


async def edit_engagement(request: Request) -> Response:
    visit = await require_writer(request)
    form = await read_form(request)
    body = _body(form)
    address = f"/engagements/{request.path_params['code']}"
    status = 422
    if not form.is_wrong:
        _, status = await save(form, visit.api.patch(address, body, str(form["version"])))
    if status == 200:
        return redirect(f"{address}?saved=yes")
    engagement = await _get_engagement(visit, request)
    form = form.on_version(engagement["version"])
    return await _edit_page(request, visit, form, engagement, status)


def _body(form: Form) -> Json:
    if not form.text("title"):
        form.add_error("title", "Enter what it was")
    body: Json = {name: form.text(name) or "" for name in TEXTS}
    body |= {name: form.text(name) for name in CODES}
    return body | {"begins_on": form.day("begins_on"), "ends_on": form.day("ends_on", needed=False)}


async def _edit_page(
    request: Request, visit: Visit, form: Form, engagement: Json | None, status: int = 200
) -> Response:
    context = {
        "engagement": engagement,
        "form": form,
        "areas": await area_choices(visit),
        "groups": await group_choices(visit),
    }
    return page(request, "groups/engagement-edit.html", context, status=status)


routes = [
    Route("/engagements", show_engagements),
    Route("/new/engagement", show_new_form),
    Route("/new/engagement", add_engagement, methods=["POST"]),
    Route("/engagements/{code}", show_engagement),
    Route("/engagements/{code}/edit", show_edit_form),
    Route("/engagements/{code}/edit", edit_engagement, methods=["POST"]),
]
