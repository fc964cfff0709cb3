"""Rounds of applications: all of them, one with its applications, and the form to add or change one."""

import asyncio
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import Form, day_values, make_form, read_form, save
from app.ui.kit.numbers import read_numbers
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.groups.choices import group_choices

WRITE = "funding:write"
ADDRESS = "/funding/rounds"
DAYS = ("opens_on", "closes_on", "decides_on")
CRITERION = re.compile(r"(.+?)\s*\*\s*([0-9]+)")
"""A criterion with its weight: "Evidence of need * 2"."""
DECIDERS = (
    ("partnership", "The partnership, at a meeting", None),
    ("funder", "The funder, by letter", "An administrator adds such a round for the funder."),
)
NEEDED = {
    "code": "Enter a code, such as safety-2018-19",
    "title": "Enter a title",
    "fund": "Choose the fund",
}


async def show_rounds(request: Request) -> Response:
    visit = await require_visit(request)
    rounds = await visit.api.get_all("/rounds")
    context = {
        "rounds": list(reversed(rounds)),
        "applications": [] if rounds else await visit.api.get_all("/applications"),
        "may_add": visit.may(WRITE),
        "may_apply": visit.may("claims:write"),
    }
    return page(request, "grants/rounds.html", context)


async def show_round(request: Request) -> Response:
    visit = await require_visit(request)
    code = request.path_params["code"]
    round_, applications, decisions = await asyncio.gather(
        visit.api.get(f"/rounds/{code}"),
        visit.api.get_all("/applications", round=code),
        visit.api.get_all("/decisions", subject_kind="rounds", subject=code),
    )
    context = {
        "round": round_,
        "applications": applications,
        "decisions": decisions,
        "panel": await _panel(visit, round_["panel"]),
        "may_apply": visit.may("claims:write") and round_["state"] != "closed",
        "saved": request.query_params.get("saved") == "yes",
    }
    return page(request, "grants/round.html", context)


async def _panel(visit: Visit, code: str | None) -> Json | None:
    groups = await visit.api.get_all("/groups") if code is not None else []
    return next((group for group in groups if group["code"] == code), None)


async def show_new_form(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    form = make_form(decider="partnership", least="0", most="5")
    return await _form_page(request, visit, form, None)


async def add_round(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    for name, message in NEEDED.items():
        if not form.text(name):
            form.add_error(name, message)
    body = await _body(visit, form)
    body |= {
        "code": form.text("code"),
        "fund": form.text("fund"),
        "financial_year": form.text("financial_year"),
        "decider": form.text("decider"),
    }
    status = 422
    if not form.is_wrong:
        added, status = await save(form, visit.api.post("/rounds", body, once=form.once), FIELDS)
        if added is not None:
            return redirect(f"{ADDRESS}/{added['code']}?saved=yes")
    return await _form_page(request, visit, form, None, status)


async def show_edit_form(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    round_ = await visit.api.get(f"/rounds/{request.path_params['code']}")
    values: dict[str, Any] = {name: round_[name] or "" for name in ("title", "panel", "note")}
    values["cap"] = round_["cap"] if round_["cap"] is not None else ""
    for name in DAYS:
        values |= day_values(name, round_[name])
    scheme = round_["scheme"]
    values |= {"least": scheme["least"], "most": scheme["most"], "criteria": criteria_text(scheme)}
    return await _form_page(request, visit, make_form(**values, version=round_["version"]), round_)


async def edit_round(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    address = f"/rounds/{request.path_params['code']}"
    if not form.text("title"):
        form.add_error("title", NEEDED["title"])
    body = await _body(visit, form)
    round_ = await visit.api.get(address)
    if criteria_text(round_["scheme"]) == criteria_text(body["scheme"]) and all(
        body["scheme"][name] == round_["scheme"][name] for name in ("least", "most")
    ):
        del body["scheme"]
    status = 422
    if not form.is_wrong:
        _, status = await save(form, visit.api.patch(address, body, str(form["version"])), FIELDS)
    if status == 200:
        return redirect(f"{ADDRESS}/{request.path_params['code']}?saved=yes")
    return await _form_page(request, visit, form.on_version(round_["version"]), round_, status)


FIELDS = {
    "opens_on": "opens_on-day",
    "closes_on": "closes_on-day",
    "decides_on": "decides_on-day",
    "scheme.most": "most",
    "scheme.least": "least",
}


async def _body(visit: Visit, form: Form) -> Json:
    numbers = await read_numbers(visit, form, whole=["least", "most"], pounds=["cap"])
    days = {name: form.day(name, needed=name != "decides_on") for name in DAYS}
    scheme = {
        "least": numbers["least"] or 0,
        "most": numbers["most"] if numbers["most"] is not None else 5,
        "criteria": criteria_from(form.text("criteria") or ""),
    }
    return {
        "title": form.text("title"),
        "panel": form.text("panel"),
        "note": form.text("note") or "",
        "cap": numbers["cap"],
        "scheme": scheme,
        **days,
    }


def criteria_from(text: str) -> list[Json]:
    """Criteria, one a line, each with its weight after an asterisk. Their codes are c1, c2 and so on."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [_criterion(line, f"c{number}") for number, line in enumerate(lines, start=1)]


def _criterion(line: str, code: str) -> Json:
    match = CRITERION.fullmatch(line)
    title, weight = (match[1], int(match[2])) if match else (line, 1)
    return {"code": code, "title": title, "weight": weight}


def criteria_text(scheme: Json) -> str:
    return "\n".join(
        each["title"] + (f" * {each['weight']}" if each["weight"] > 1 else "") for each in scheme["criteria"]
    )


async def _form_page(
    request: Request, visit: Visit, form: Form, round_: Json | None, status: int = 200
) -> Response:
    funds, groups = await asyncio.gather(visit.api.get_all("/funds"), group_choices(visit))
    context = {
        "form": form,
        "round": round_,
        "funds": [("", "Choose"), *((each["code"], each["title"]) for each in funds)],
        "groups": groups,
        "deciders": DECIDERS,
    }
    return page(request, "grants/round-form.html", context, status=status)


routes = [
    Route("/funding/rounds", show_rounds),
    Route("/funding/rounds/new", show_new_form),
    Route("/funding/rounds/new", add_round, methods=["POST"]),
    Route("/funding/rounds/{code}", show_round, name="round"),
    Route("/funding/rounds/{code}/edit", show_edit_form),
    Route("/funding/rounds/{code}/edit", edit_round, methods=["POST"]),
]
