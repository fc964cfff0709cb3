"""People of a partnership, their roles, and their one-time links to set a password."""

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


async def show_people(request: Request) -> Response:
    visit = await require_visit(request)
    people = await visit.api.get_all("/users")
    return page(request, "access/people.html", {"people": people, "may_manage": visit.may(MANAGE)})


async def show_new_person_form(request: Request) -> Response:
    visit = await _require_manager(request)
    return await _new_person_page(request, visit, make_form(role="reader"))


async def _require_manager(request: Request) -> Visit:
    visit = await require_visit(request)
    visit.require_scope(MANAGE)
    return visit


async def _new_person_page(request: Request, visit: Visit, form: Form, status: int = 200) -> Response:
    context = {
        "form": form,
        "roles": ROLES,
        "agencies": await visit.api.get_all("/agencies", recipients="true"),
    }
    return page(request, "access/person-new.html", context, status=status)


def _body(form: Form, names: tuple[str, ...]) -> Json:
    return {name: form.text(name) for name in names}


async def invite_person(request: Request) -> Response:
    visit = await _require_manager(request)
    form = await read_form(request)
    if earlier_id := shown_once.earlier_id(request, form):
        return shown_once.show_repeat(request, "link", f"/people/{earlier_id}")
    body = _body(form, ("email", "name", "role", "agency"))
    for name, message in (("name", "Enter their name"), ("email", "Enter their email address")):
        if not body[name]:
            form.add_error(name, message)
    status = 422
    if not form.is_wrong:
        try:
            invitation = await visit.api.post("/users", body, once=form.once)
            return _link_page(request, form, invitation["user"], invitation["link"])
        except Problem as problem:
            if problem.status not in (400, 409, 422):
                raise
            status = form.add_problem(problem)
    return await _new_person_page(request, visit, Form(form.values, form.messages, form.overall), status)


def _link_page(request: Request, form: Form, person: Json, link: Json | None) -> Response:
    """The page with the one-time link, which is shown once; browsers do not store the page."""
    if link is None:
        return page(request, "access/person-link.html", {"person": person})
    settings: Settings = request.app.state.settings
    context = {"person": person, "link": link, "address": settings.link(f"password/{link['token']}")}
    return shown_once.show_secret(request, form, person["id"], "access/person-link.html", context)


async def _get_person(visit: Visit, person_id: str) -> tuple[Json, str]:
    """Gets a person, and the version that a form with their values sends back."""
    answer = await visit.api.request("GET", f"/users/{person_id}")
    return answer.body, answer.version


def _form_values(person: Json) -> dict[str, str]:
    agency = person["agency"] or {}
    return {"name": person["name"], "role": person["role"], "agency": agency.get("code", "")}


async def show_person(request: Request) -> Response:
    visit = await require_visit(request)
    person, version = await _get_person(visit, request.path_params["id"])
    form = make_form(**_form_values(person), version=version)
    return await _person_page(request, person, form)


async def _person_page(request: Request, person: Json, form: Form, status: int = 200) -> Response:
    visit = await require_visit(request)
    context: dict[str, Any] = {
        "person": person,
        "form": form,
        "roles": ROLES,
        "agencies": await visit.api.get_all("/agencies", recipients="true"),
        "may_manage": visit.may(MANAGE),
        "overtaken": status == 412,
        "saved": request.query_params.get("saved") == "yes",
    }
    return page(request, "access/person.html", context, status=status)


async def post_person(request: Request) -> Response:
    visit = await _require_manager(request)
    form = await read_form(request)
    return await _save_person(request, visit, form, _body(form, ("name", "role", "agency")))


async def switch_sign_in(request: Request) -> Response:
    """Disables or enables a person's sign-in."""
    visit = await _require_manager(request)
    form = await read_form(request)
    is_disabled = {"disable": True, "enable": False}.get(request.path_params["which"])
    if is_disabled is None:
        raise HTTPException(404)
    return await _save_person(request, visit, form, {"disabled": is_disabled})


async def _save_person(request: Request, visit: Visit, form: Form, body: Json) -> Response:
    person_id = request.path_params["id"]
    try:
        await visit.api.patch(f"/users/{person_id}", body, str(form["version"]))
        return redirect(f"/people/{person_id}?saved=yes")
    except Problem as problem:
        if problem.status not in (400, 409, 412, 422):
            raise
        status = 412 if problem.status == 412 else form.add_problem(problem)
    person, version = await _get_person(visit, person_id)
    typed = {name: form.values.get(name, now) for name, now in _form_values(person).items()}
    again = Form({**typed, "version": version}, form.messages, form.overall)
    return await _person_page(request, person, again, status)


async def post_link(request: Request) -> Response:
    visit = await _require_manager(request)
    form = await read_form(request)
    if earlier_id := shown_once.earlier_id(request, form):
        return shown_once.show_repeat(request, "link", f"/people/{earlier_id}")
    person_id = request.path_params["id"]
    link = await visit.api.post(f"/users/{person_id}/link", {}, once=form.once)
    person, _ = await _get_person(visit, person_id)
    return _link_page(request, form, person, link)


routes = [
    Route("/people", show_people),
    Route("/people/new", show_new_person_form),
    Route("/people/new", invite_person, methods=["POST"]),
    Route("/people/{id}", show_person, name="person"),
    Route("/people/{id}", post_person, methods=["POST"]),
    Route("/people/{id}/link", post_link, methods=["POST"]),
    Route("/people/{id}/{which}", switch_sign_in, methods=["POST"]),
]
