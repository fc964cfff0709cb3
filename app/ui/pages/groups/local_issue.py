"""Local issues: all of them, one, and the forms to add, change, close and reopen one."""

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

TEXTS = ("title", "raised_by", "profile", "done", "changed", "note")
CODES = ("area", "group")
SAVED = {"added": "The local issue is added", "yes": "Your change is saved"}


async def show_local_issues(request: Request) -> Response:
    visit = await require_visit(request)
    issues = await visit.api.get_all("/local-issues")
    context = {
        "sections": [
            (heading, rows)
            for heading, state in (("Open", "open"), ("Closed", "closed"))
            if (rows := [issue for issue in issues if issue["state"] == state])
        ],
        "may_add": visit.may(WRITE),
    }
    return page(request, "groups/local-issues.html", context)


async def show_local_issue(request: Request) -> Response:
    visit = await require_visit(request)
    issue = await _get_issue(visit, request)
    return _issue_page(request, visit, issue, make_form(changed=issue["changed"], version=issue["version"]))


def _issue_page(request: Request, visit: Visit, issue: Json, form: Form, status: int = 200) -> Response:
    context: dict[str, Any] = {
        "issue": issue,
        "form": form,
        "may_edit": visit.may(WRITE),
        "saved": SAVED.get(request.query_params.get("saved", "")),
    }
    return page(request, "groups/local-issue.html", context, status=status)


async def _get_issue(visit: Visit, request: Request) -> Json:
    return await visit.api.get(f"/local-issues/{request.path_params['code']}")


async def show_new_form(request: Request) -> Response:
    visit = await require_writer(request)
    return await _edit_page(request, visit, make_form(), None)


async def add_local_issue(request: Request) -> Response:
    visit = await require_writer(request)
    form = await read_form(request)
    body = _body(form)
    status = 422
    if not form.is_wrong:
        added, status = await save(form, visit.api.post("/local-issues", body, once=form.once))
        if added is not None:
            return redirect(f"/local-issues/{added['code']}?saved=added")
    return await _edit_page(request, visit, form, None, status)


async def show_edit_form(request: Request) -> Response:
    visit = await require_writer(request)
    issue = await _get_issue(visit, request)
    values = {name: issue[name] for name in TEXTS} | code_values(issue, CODES)
    days = day_values("raised_on", issue["raised_on"])
    return await _edit_page(request, visit, make_form(**values, **days, version=issue["version"]), issue)


async def edit_local_issue(request: Request) -> Response:
    visit = await require_writer(request)
    form = await read_form(request)
    body = _body(form)
    address = f"/local-issues/{request.path_params['code']}"
    status = 422
    if not form.is_wrong:
        _, status = await save(form, visit.api.patch(address, body, str(form["version"])))
    if status == 200:
        return redirect(f"{address}?saved=yes")
    issue = await _get_issue(visit, request)
    form = form.on_version(issue["version"])
    return await _edit_page(request, visit, form, issue, status)


def _body(form: Form) -> Json:
    if not form.text("title"):
        form.add_error("title", "Enter what it is and where")
    body: Json = {name: form.text(name) or "" for name in TEXTS}
    body |= {name: form.text(name) for name in CODES}
    return body | {"raised_on": form.day("raised_on", needed=False)}


async def _edit_page(
    request: Request, visit: Visit, form: Form, issue: Json | None, status: int = 200
) -> Response:
    context = {
        "issue": issue,
        "form": form,
        "areas": await area_choices(visit),
        "groups": await group_choices(visit),
    }
    return page(request, "groups/local-issue-edit.html", context, status=status)


async def post_step(request: Request) -> Response:
    """Closes or reopens an issue, as the end of the address says."""
    visit = await require_writer(request)
    form = await read_form(request)
    address = f"/local-issues/{request.path_params['code']}"
    is_closing = request.url.path.endswith("/close")
    field, message = ("changed", "Enter what has changed") if is_closing else ("reason", "Enter why")
    status = 422
    if not form.text(field):
        form.add_error(field, message)
    else:
        body = {field: form.text(field)}
        path = f"{address}/{'close' if is_closing else 'reopen'}"
        posting = visit.api.post_if_match(path, body, once=form.once, version=str(form["version"]))
        _, status = await save(form, posting)
    if status == 200:
        return redirect(f"{address}?saved=yes")
    issue = await _get_issue(visit, request)
    return _issue_page(request, visit, issue, form.on_version(issue["version"]), status)


routes = [
    Route("/local-issues", show_local_issues),
    Route("/new/local-issue", show_new_form),
    Route("/new/local-issue", add_local_issue, methods=["POST"]),
    Route("/local-issues/{code}", show_local_issue),
    Route("/local-issues/{code}/edit", show_edit_form),
    Route("/local-issues/{code}/edit", edit_local_issue, methods=["POST"]),
    Route("/local-issues/{code}/close", post_step, methods=["POST"]),
    Route("/local-issues/{code}/reopen", post_step, methods=["POST"]),
]
