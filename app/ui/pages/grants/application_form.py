"""The forms to write and change an application, and to make the grant of one that was approved."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import Form, make_form, read_form, save
from app.ui.kit.numbers import read_numbers
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.grants.application_extras import extras_body, extras_values
from app.ui.pages.grants.money_source import money_sources

ADDRESS = "/funding/applications"
LINES = (1, 2, 3)
"""Lines on the form; more of them are sent by the API."""
TEXTS = ("title", "need", "cohesion", "in_kind")
NEEDED = {
    "round": "Enter the round, as its call names it",
    "applicant": "Choose who applies",
    "title": "Enter what it is for",
}
SPENDINGS = (("revenue", "Running costs (revenue)"), ("capital", "Equipment and buildings (capital)"))


async def show_new_form(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope("claims:write")
    return await _form_page(request, visit, make_form(round=request.query_params.get("round", "")), None)


async def add_application(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    for name, message in NEEDED.items():
        if not form.text(name):
            form.add_error(name, message)
    body = await _body(visit, form, [])
    body |= {name: form.text(name) for name in ("round", "applicant")}
    body["on_behalf"] = form.text("on_behalf") or ""
    body |= await extras_body(visit, form, form.text("applicant") or "", None)
    status = 422
    if not form.is_wrong:
        call = visit.api.post("/applications", body, once=form.once)
        added, status = await save(form, call, FIELDS)
        if added is not None:
            return redirect(f"{ADDRESS}/{added['code']}?saved=yes")
    return await _form_page(request, visit, form, None, status)


async def show_edit_form(request: Request) -> Response:
    visit = await require_visit(request)
    application = await visit.api.get(f"/applications/{request.path_params['code']}")
    values: Json = {name: application[name] for name in TEXTS}
    rows = [(line, each) for line in application["lines"] for each in line["amounts"]]
    for number, (line, each) in enumerate(rows[: len(LINES)], start=1):
        values |= {
            f"line-{number}": line["title"],
            f"priority-{number}": line["priority"] or "",
            f"year-{number}": each["financial_year"],
            f"spending-{number}": each["spending"],
            f"amount-{number}": each["amount_asked"],
        }
    form = make_form(**values, **extras_values(application), version=application["version"])
    return await _form_page(request, visit, form, application)


async def edit_application(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    path = f"/applications/{request.path_params['code']}"
    if not form.text("title"):
        form.add_error("title", NEEDED["title"])
    application = await visit.api.get(path)
    if _is_whole(application):
        body = await _body(visit, form, application["lines"])
    else:
        body = {name: form.text(name) or "" for name in TEXTS}
    body |= await extras_body(visit, form, application["applicant"]["code"], application)
    status = 422
    if not form.is_wrong:
        _, status = await save(form, visit.api.patch(path, body, str(form["version"])), FIELDS)
    if status == 200:
        return redirect(f"{ADDRESS}/{application['code']}?saved=yes")
    return await _form_page(request, visit, form.on_version(application["version"]), application, status)


FIELDS = {
    "lines": "amount-1",
    "shares": "percent",
    "shares.1.agency": "partner",
    "match_funding.0.amount": "source-amount",
} | {
    f"lines.{number - 1}{rest}": f"{name}-{number}"
    for number in LINES
    for rest, name in (
        (".title", "line"),
        (".priority", "priority"),
        (".amounts.0.amount", "amount"),
        (".amounts.0.financial_year", "year"),
    )
}


async def _body(visit: Visit, form: Form, before: list[Json]) -> Json:
    """What the form says. Lines that it could not show stay as they are."""
    amounts = await read_numbers(visit, form, pounds=[f"amount-{number}" for number in LINES])
    themes = {(line["title"], line["priority"]): line["theme"] for line in before}
    lines: list[Json] = []
    for number in LINES:
        pounds, title = amounts[f"amount-{number}"], form.text(f"line-{number}")
        priority = form.text(f"priority-{number}")
        if pounds is None and title is None:
            continue
        if pounds is None:
            form.add_error(f"amount-{number}", "Enter the amount")
        if title is None:
            form.add_error(f"line-{number}", "Enter what it pays for")
        if not form.text(f"year-{number}"):
            form.add_error(f"year-{number}", "Enter the financial year, such as 2018-19")
        amount = {
            "financial_year": form.text(f"year-{number}"),
            "spending": form.text(f"spending-{number}") or "revenue",
            "amount": pounds,
        }
        lines.append(
            {
                "title": title,
                "priority": priority,
                "theme": themes.get((title, priority)),
                "amounts": [amount],
            }
        )
    if not lines:
        form.add_error("amount-1", "Enter how much you ask for")
    return {**{name: form.text(name) or "" for name in TEXTS}, "lines": lines}


async def _form_page(
    request: Request, visit: Visit, form: Form, application: Json | None, status: int = 200
) -> Response:
    agencies, priorities, rounds = await asyncio.gather(
        visit.api.get_all("/agencies", recipients="true"),
        visit.api.get_all("/priorities"),
        visit.api.get_all("/rounds"),
    )
    is_staff = visit.may("funding:write")
    open_rounds = [each for each in rounds if each["state"] != "closed"]
    context = {
        "form": form,
        "application": application,
        "numbers": LINES,
        "is_staff": is_staff,
        "rounds": [("", "Choose"), *((each["code"], each["title"]) for each in open_rounds)],
        "applicants": [("", "Choose"), *((each["code"], each["name"]) for each in agencies)],
        "priorities": [("", "Not said"), *((each["code"], each["title"]) for each in priorities)],
        "partners": [("", "Nobody"), *((each["code"], each["name"]) for each in agencies)],
        "spendings": SPENDINGS,
        "is_whole": application is None or _is_whole(application),
    }
    return page(request, "grants/application-form.html", context, status=status)


def _is_whole(application: Json) -> bool:
    """Whether the form shows all of its lines."""
    return len(application["lines"]) <= len(LINES) and all(
        len(line["amounts"]) == 1 for line in application["lines"]
    )


async def show_grant_form(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope("funding:award")
    application = await visit.api.get(f"/applications/{request.path_params['code']}")
    return await _grant_page(request, visit, application, make_form(version=application["version"]))


async def make_grant(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    code = request.path_params["code"]
    for name, message in (
        ("reference", "Enter a reference, such as SSF-17-11"),
        ("source", "Choose the money that pays it"),
    ):
        if not form.text(name):
            form.add_error(name, message)
    kind, _, source = (form.text("source") or "").partition(" ")
    body = {
        "reference": form.text("reference"),
        "starts": form.day("starts"),
        "ends": form.day("ends"),
        **({"delegation": source} if kind == "delegation" else {"allocations": [{"code": source}]}),
    }
    status = 422
    if not form.is_wrong:
        call = visit.api.decide(f"/applications/{code}/grant", body, str(form["version"]))
        fields = {"starts": "starts-day", "ends": "ends-day", "allocations": "source", "lines": "ends-day"}
        made, status = await save(form, call, fields)
        if made is not None:
            return redirect(f"/grants/{made['grant']}?saved=yes")
    application = await visit.api.get(f"/applications/{code}")
    return await _grant_page(request, visit, application, form.on_version(application["version"]), status)


async def _grant_page(
    request: Request, visit: Visit, application: Json, form: Form, status: int = 200
) -> Response:
    context = {"application": application, "form": form, "sources": await money_sources(visit)}
    return page(request, "grants/application-grant.html", context, status=status)


routes = [
    Route("/funding/applications/new", show_new_form),
    Route("/funding/applications/new", add_application, methods=["POST"]),
    Route("/funding/applications/{code}/edit", show_edit_form),
    Route("/funding/applications/{code}/edit", edit_application, methods=["POST"]),
    Route("/funding/applications/{code}/grant", show_grant_form),
    Route("/funding/applications/{code}/grant", make_grant, methods=["POST"]),
]
