"""Groups as a tree, one group with what it owes, a new group, and the calendar."""

import asyncio
from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import Form, day_values, make_form, read_form, save
from app.ui.kit.numbers import read_numbers
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.groups.choices import post_choices
from app.ui.pages.groups.writer import WRITE

KINDS = (
    ("board", "Board"),
    ("steering", "Steering"),
    ("delivery", "Delivery"),
    ("operational", "Operational"),
    ("panel", "Panel"),
    ("task_group", "Task group, with an end"),
    ("when_required", "Meets when required"),
    ("other_body", "Another body"),
)
TEXTS = (
    "name",
    "kind",
    "parent",
    "belongs_to",
    "cycle",
    "cycle_rule",
    "remit",
    "chair",
    "vice_chair",
    "note",
)
NEVER_NULL = ("cycle", "remit", "note")
DAYS = ("begins_on", "ends_on")
READ_FUNDING = "funding:read"


async def show_groups(request: Request) -> Response:
    visit = await require_visit(request)
    groups = await visit.api.get_all("/groups")
    context = {"tree": tree(groups), "may_edit": visit.may(WRITE)}
    return page(request, "groups/groups.html", context)


def tree(groups: list[Json]) -> list[Json]:
    """Groups at the top, each with those below it in `below`."""
    codes = {group["code"] for group in groups}

    def branch(group: Json) -> Json:
        return {**group, "below": [branch(each) for each in groups if _parent(each) == group["code"]]}

    return [branch(group) for group in groups if _parent(group) not in codes]


def _parent(group: Json) -> str | None:
    parent: Json | None = group["parent"]
    return parent["code"] if parent is not None else None


async def show_group(request: Request) -> Response:
    visit = await require_visit(request)
    code = request.path_params["code"]
    group, meetings, actions, decisions, forward = await asyncio.gather(
        visit.api.get(f"/groups/{code}"),
        visit.api.get_all("/meetings", group=code),
        visit.api.get_all("/meeting-actions", group=code),
        visit.api.get_all("/decisions", group=code),
        visit.api.get("/forward-plan", group=code),
    )
    grants = await visit.api.get_all("/grants", group=code) if visit.may(READ_FUNDING) else []
    context = {
        "group": group,
        "members": [each for each in group["members"] if is_current(each, visit.today)],
        "former": [each for each in group["members"] if not is_current(each, visit.today)],
        "meetings": sorted(meetings, key=lambda meeting: str(meeting["day"]), reverse=True),
        "overdue_meetings": [each for each in meetings if _is_unrecorded(each, visit.today)],
        "actions": [each for each in actions if each["state"] not in ("done", "stopped")],
        "finished": [each for each in actions if each["state"] in ("done", "stopped")],
        "to_ratify": [each for each in decisions if each["state"] == "to_be_ratified"],
        "between": [each for each in decisions if each["route"] == "chair"],
        "forward": forward["items"],
        "grants": grants,
        "may_edit": visit.may(WRITE),
        "saved": request.query_params.get("saved") == "yes",
    }
    return page(request, "groups/group.html", context)


def is_current(member: Json, today: str) -> bool:
    return (member["ends_on"] or today) >= today


def _is_unrecorded(meeting: Json, today: str) -> bool:
    """Whether its day is past and nobody has said whether it was held."""
    return bool(meeting["state"] == "planned" and meeting["day"] < today)


async def show_new_group(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    return await _group_form(request, visit, make_form(kind="delivery"), None)


async def post_new_group(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    body = {"code": form.text("code"), **await _body(visit, form)}
    status = 422
    if not form.is_wrong:
        saved, status = await save(form, visit.api.post("/groups", _without_blanks(body), once=form.once))
        if saved is not None:
            return redirect(f"/groups/{saved['code']}?saved=yes")
    return await _group_form(request, visit, Form(form.values, form.messages, form.overall), None, status)


async def show_group_form(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    group = await visit.api.get(f"/groups/{request.path_params['code']}")
    return await _group_form(request, visit, make_form(**_values(group)), group)


async def post_group(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    code = request.path_params["code"]
    body = await _body(visit, form)
    status = 422
    if not form.is_wrong:
        saved, status = await save(form, visit.api.patch(f"/groups/{code}", body, str(form["version"])))
        if saved is not None:
            return redirect(f"/groups/{code}?saved=yes")
    group = await visit.api.get(f"/groups/{code}")
    again = form.on_version(group["version"])
    return await _group_form(request, visit, again, group, status)


def _values(group: Json) -> Json:
    codes = {name: (group[name] or {}).get("code", "") for name in ("parent", "chair", "vice_chair")}
    days = day_values("begins_on", group["begins_on"]) | day_values("ends_on", group["ends_on"])
    texts = {name: group[name] or "" for name in TEXTS if name not in codes}
    return {**texts, **codes, **days, "quorum": group["quorum"], "version": group["version"]}


async def _body(visit: Visit, form: Form) -> Json:
    body: Json = {name: form.text(name) for name in TEXTS}
    body |= {name: body[name] or "" for name in NEVER_NULL}
    body |= {name: form.day(name, needed=False) for name in DAYS}
    body |= await read_numbers(visit, form, whole=["quorum"])
    for name, message in (("name", "Enter the group's name"),):
        if not body[name]:
            form.add_error(name, message)
    return body


def _without_blanks(body: Json) -> Json:
    return {name: text for name, text in body.items() if text not in (None, "")}


async def _group_form(
    request: Request, visit: Visit, form: Form, group: Json | None, status: int = 200
) -> Response:
    groups = await visit.api.get_all("/groups")
    context = {
        "form": form,
        "group": group,
        "kinds": KINDS,
        "posts": await post_choices(visit),
        "parents": [("", "None"), *((each["code"], each["name"]) for each in groups)],
    }
    return page(request, "groups/group-form.html", context, status=status)


async def show_members_form(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    group = await visit.api.get(f"/groups/{request.path_params['code']}")
    return await _members_page(request, visit, make_form(version=group["version"]), group)


async def post_members(request: Request) -> Response:
    """Adds a member, sets the last day of one, or both."""
    visit = await require_visit(request)
    form = await read_form(request)
    code = request.path_params["code"]
    group = await visit.api.get(f"/groups/{code}")
    members = [
        {"post": each["post"]["code"], "begins_on": each["begins_on"], "ends_on": each["ends_on"]}
        for each in group["members"]
    ]
    number = str(form["member"])
    is_leaving = number.isdecimal() and int(number) < len(members)
    if is_leaving:
        members[int(number)]["ends_on"] = form.day("ends_on")
    if form.text("post"):
        members.append(
            {"post": form.text("post"), "begins_on": form.day("begins_on", needed=False), "ends_on": None}
        )
    elif not is_leaving:
        form.add_error("post", "Choose a post to add, or who leaves")
    status = 422
    if not form.is_wrong:
        body = {"members": members}
        saved, status = await save(form, visit.api.put(f"/groups/{code}/members", body, str(form["version"])))
        if saved is not None:
            return redirect(f"/groups/{code}?saved=yes")
    again = form.on_version(group["version"])
    return await _members_page(request, visit, again, group, status)


async def _members_page(
    request: Request, visit: Visit, form: Form, group: Json, status: int = 200
) -> Response:
    current = [
        (str(number), each["post"]["name"])
        for number, each in enumerate(group["members"])
        if is_current(each, visit.today)
    ]
    context: dict[str, Any] = {
        "form": form,
        "group": group,
        "posts": await post_choices(visit),
        "current": [("", "Nobody"), *current],
    }
    return page(request, "groups/members.html", context, status=status)


async def show_calendar(request: Request) -> Response:
    visit = await require_visit(request)
    meetings = await visit.api.get_all("/meetings")
    to_come = sorted((each for each in meetings if each["day"] >= visit.today), key=_day)
    context = {"months": list(by_month(to_come)), "may_edit": visit.may(WRITE)}
    return page(request, "groups/calendar.html", context)


def _day(meeting: Json) -> str:
    return str(meeting["day"])


def by_month(meetings: Iterable[Json]) -> Iterable[tuple[str, list[Json]]]:
    """Meetings by month ("2018-01-01" for January), in order."""
    months: dict[str, list[Json]] = {}
    for meeting in meetings:
        months.setdefault(f"{meeting['day'][:7]}-01", []).append(meeting)
    return months.items()


routes = [
    Route("/groups", show_groups),
    Route("/new/group", show_new_group),
    Route("/new/group", post_new_group, methods=["POST"]),
    Route("/calendar", show_calendar),
    Route("/groups/{code}", show_group),
    Route("/groups/{code}/edit", show_group_form),
    Route("/groups/{code}/edit", post_group, methods=["POST"]),
    Route("/groups/{code}/members", show_members_form),
    Route("/groups/{code}/members", post_members, methods=["POST"]),
]
