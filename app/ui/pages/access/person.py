"""People: who belongs, what they may do, and the one-time links that let them in."""

from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.config import Settings
from app.ui.kit import shown_once
from app.ui.kit.client import Json, Problem
from app.ui.kit.forms import Form, make_form, read_form
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit


@dataclass(frozen=True)
class Role:
    code: str
    label: str
    hint: str


ROLES = (
    Role("reader", "Reader", "Reads the plan and its figures. Board and scrutiny members."),
    Role("contributor", "Contributor for an agency", "Sends one agency's figures and sees its receipts."),
    Role("officer", "Officer", "Keeps the plan and sends figures for any agency. Council staff."),
    Role("approver", "Approver", "As an officer, and approves what is published."),
    Role("administrator", "Administrator", "As an officer, and manages people and keys."),
    Role("funder", "Funder", "Reads what its money achieved."),
    Role("auditor", "Auditor", "Reads everything, with the record of who did what."),
)
MANAGE = "people:write"


async def show_all(request: Request) -> Response:
    visit = await require_visit(request)
    people = await visit.api.get_all("/users")
    return page(request, "access/people.html", {"people": people, "may_manage": visit.may(MANAGE)})


async def ask_new(request: Request) -> Response:
    visit = await _manager(request)
    return await _new(request, visit, make_form(role="reader"))


async def _manager(request: Request) -> Visit:
    visit = await require_visit(request)
    visit.require_scope(MANAGE)
    return visit


async def _new(request: Request, visit: Visit, form: Form, status: int = 200) -> Response:
    context = {"form": form, "roles": ROLES, "agencies": await visit.api.get_all("/agencies")}
    return page(request, "access/person-new.html", context, status=status)


def _body(form: Form, names: tuple[str, ...]) -> Json:
    return {name: form.text(name) for name in names}


async def invite(request: Request) -> Response:
    visit = await _manager(request)
    form = await read_form(request)
    if earlier_id := shown_once.earlier_id(request, form):
        return shown_once.show_repeat(request, "link", f"/people/{earlier_id}")
    body = _body(form, ("email", "name", "role", "agency"))
    for name, words in (("name", "Enter their name"), ("email", "Enter their email address")):
        if not body[name]:
            form.add_error(name, words)
    status = 422
    if not form.is_wrong:
        try:
            invited = await visit.api.post("/users", body, once=form.once)
            return _link(request, form, invited["user"], invited["link"])
        except Problem as problem:
            if problem.status not in (400, 409, 422):
                raise
            status = form.add_problem(problem)
    return await _new(request, visit, Form(form.values, form.messages, form.overall), status)


def _link(request: Request, form: Form, person: Json, link: Json | None) -> Response:
    """The one-time link, shown this once: nothing keeps it, and the page is not stored."""
    if link is None:
        return page(request, "access/person-link.html", {"person": person})
    settings: Settings = request.app.state.settings
    context = {"person": person, "link": link, "address": settings.link(f"password/{link['token']}")}
    return shown_once.show_secret(request, form, person["id"], "access/person-link.html", context)


async def _person(visit: Visit, person_id: str) -> tuple[Json, str]:
    """A person, and the version that a form made from them names."""
    answer = await visit.api.request("GET", f"/users/{person_id}")
    return answer.body, answer.version


def _values(person: Json) -> dict[str, str]:
    agency = person["agency"] or {}
    return {"name": person["name"], "role": person["role"], "agency": agency.get("code", "")}


async def ask(request: Request) -> Response:
    visit = await require_visit(request)
    person, version = await _person(visit, request.path_params["id"])
    form = make_form(**_values(person), version=version)
    return await _edit(request, person, form)


async def _edit(request: Request, person: Json, form: Form, status: int = 200) -> Response:
    visit = await require_visit(request)
    context: dict[str, Any] = {
        "person": person,
        "form": form,
        "roles": ROLES,
        "agencies": await visit.api.get_all("/agencies"),
        "may_manage": visit.may(MANAGE),
        "overtaken": status == 412,
        "saved": request.query_params.get("saved") == "yes",
    }
    return page(request, "access/person.html", context, status=status)


async def change(request: Request) -> Response:
    visit = await _manager(request)
    form = await read_form(request)
    return await _save(request, visit, form, _body(form, ("name", "role", "agency")))


async def switch(request: Request) -> Response:
    """Stops somebody signing in, or lets them again."""
    visit = await _manager(request)
    form = await read_form(request)
    wanted = {"disable": True, "enable": False}.get(request.path_params["which"])
    if wanted is None:
        raise HTTPException(404)
    return await _save(request, visit, form, {"disabled": wanted})


async def _save(request: Request, visit: Visit, form: Form, body: Json) -> Response:
    person_id = request.path_params["id"]
    try:
        await visit.api.patch(f"/users/{person_id}", body, str(form["version"]))
        return redirect(f"/people/{person_id}?saved=yes")
    except Problem as problem:
        if problem.status not in (400, 409, 412, 422):
            raise
        status = 412 if problem.status == 412 else form.add_problem(problem)
    person, version = await _person(visit, person_id)
    typed = {name: form.values.get(name, now) for name, now in _values(person).items()}
    again = Form({**typed, "version": version}, form.messages, form.overall)
    return await _edit(request, person, again, status)


async def link(request: Request) -> Response:
    visit = await _manager(request)
    form = await read_form(request)
    if earlier_id := shown_once.earlier_id(request, form):
        return shown_once.show_repeat(request, "link", f"/people/{earlier_id}")
    person_id = request.path_params["id"]
    made = await visit.api.post(f"/users/{person_id}/link", {}, once=form.once)
    person, _ = await _person(visit, person_id)
    return _link(request, form, person, made)


routes = [
    Route("/people", show_all),
    Route("/people/new", ask_new),
    Route("/people/new", invite, methods=["POST"]),
    Route("/people/{id}", ask),
    Route("/people/{id}", change, methods=["POST"]),
    Route("/people/{id}/link", link, methods=["POST"]),
    Route("/people/{id}/{which}", switch, methods=["POST"]),
]
