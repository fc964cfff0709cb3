"""One return: its figures, the conversation about it, and what its reader may do."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import MOST, Json, Problem
from app.ui.kit.forms import Form, make_form, read_form
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit

REASONS = ("not_applicable", "not_collected", "not_available")


@dataclass(frozen=True)
class Deed:
    """Something that is done to a return by a form: on its own page, or on the return's."""

    may: str
    """As the API's `may` names it."""
    body: Callable[[Form], Json]
    done: str
    """What the page says afterwards."""
    template: str = "returns/return.html"
    fields: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    """The API's fields whose names differ from the form's."""


def _late(form: Form) -> Json:
    if not form.text("reason"):
        form.add_error("reason", "Say why it is late")
    return {"reason": form.text("reason"), "promised_on": form.day("promised_on")}


def _nil(form: Form) -> Json:
    if form["missing"] and form["missing"] not in REASONS:
        form.add_error("missing", "Choose why there are no figures")
    chosen = {"missing": form["missing"]} if form["missing"] else {}
    return {**chosen, "note": form.text("note") or ""}


def _query(form: Form) -> Json:
    if not form.text("text"):
        form.add_error("text", "Say what you want to ask")
    return {"text": form.text("text"), "indicators": form.several("indicators")}


def _answer(form: Form) -> Json:
    if not form.text("answer"):
        form.add_error("answer", "Write an answer")
    return {"text": form.text("answer")}


def _noted(form: Form) -> Json:
    return {"text": form.text("note") or ""}


DEEDS = {
    "late": Deed(
        "late",
        _late,
        "The reason and the date are kept. Reminders stop.",
        "returns/return-late.html",
        ("reason", "promised_on-day", "promised_on-month", "promised_on-year"),
        names=(("promised_on", "promised_on-day"),),
    ),
    "nil": Deed("nil", _nil, "The nil return is sent.", "returns/return-nil.html", ("missing", "note")),
    "query": Deed(
        "query",
        _query,
        "Your query is sent. The return stands as queried until the agency answers or sends figures anew.",
        "returns/return-query.html",
        ("text", "indicators"),
        ("indicators",),
    ),
    "answer": Deed(
        "answer", _answer, "Your answer is sent.", fields=("answer",), names=(("text", "answer"),)
    ),
    "check": Deed("check", _noted, "The return is checked.", fields=("note",), names=(("text", "note"),)),
    "sign-off": Deed(
        "sign_off", _noted, "The return is signed off.", fields=("note",), names=(("text", "note"),)
    ),
    "remind": Deed("remind", lambda _form: {}, "A reminder is on its way to the agency's people."),
}
SAID = {name: deed.done for name, deed in DEEDS.items()} | {
    "saved": "Saved. Nothing has been sent yet: come back to it when you are ready.",
    "sent": "Your figures have been received.",
    "signed": "Your figures have been received, and the return is signed off.",
}


async def show(request: Request) -> Response:
    visit = await require_visit(request)
    found = await read(visit, request)
    return await _show(request, visit, found, make_form(note="", answer=""))


async def read(visit: Visit, request: Request) -> Json:
    return await visit.api.get(f"/returns/{request.path_params['id']}")


async def _show(request: Request, visit: Visit, found: Json, form: Form, status: int = 200) -> Response:
    indicators, to_check = await asyncio.gather(
        visit.api.get_all("/indicators", limit=MOST), _to_check(visit, found)
    )
    done = request.query_params.get("done", "")
    context = {
        "one": found,
        "form": form,
        "measured": {each["code"]: each for each in indicators},
        "said": SAID.get(done),
        "receipt": request.query_params.get("receipt"),
        "to_check": to_check,
    }
    return page(request, "returns/return.html", context, status=status)


async def _to_check(visit: Visit, found: Json) -> list[Json]:
    """The other returns that wait for staff, for staff."""
    if not visit.may("returns:check"):
        return []
    waiting = await visit.api.get_all("/returns", state="submitted", limit=MOST)
    return [each for each in waiting if each["id"] != found["id"]]


def _deed_of(request: Request) -> Deed:
    deed = DEEDS.get(request.path_params["deed"])
    if deed is None:
        raise HTTPException(404)
    return deed


async def ask(request: Request) -> Response:
    """The page of a deed that has one."""
    deed = _deed_of(request)
    visit = await require_visit(request)
    found = await read(visit, request)
    address = f"/returns/{found['id']}"
    if deed.template == "returns/return.html" or deed.may not in found["may"]:
        # Done by somebody else meanwhile, or by themselves in another tab.
        return redirect(address)
    form = make_form(**{name: [] if name in deed.lists else "" for name in deed.fields})
    if "missing" in deed.fields:
        form.values["missing"] = REASONS[0]
    return page(request, deed.template, {"one": found, "form": form, **_about(found)})


async def do(request: Request) -> Response:
    deed = _deed_of(request)
    visit = await require_visit(request)
    form = await read_form(request, lists=deed.lists)
    name = request.path_params["deed"]
    address = f"/returns/{request.path_params['id']}"
    body, status = deed.body(form), 422
    if not form.is_wrong:
        try:
            await visit.api.post(f"{address}/{name}", body, once=form.once)
            return redirect(f"{address}?done={name}")
        except Problem as problem:
            if problem.status not in (400, 409, 422):
                raise
            status = form.add_problem(problem, dict(deed.names))
    found = await read(visit, request)
    again = Form(form.values, form.messages, form.overall)
    if deed.template == "returns/return.html":
        return await _show(request, visit, found, again, status)
    return page(request, deed.template, {"one": found, "form": again, **_about(found)}, status=status)


def _about(found: Json) -> dict[str, Any]:
    missing = [item for item in found["items"] if item["received_at"] is None]
    return {
        "missing": missing,
        "without_zero": [item for item in missing if item["nil"] is None],
        "indicators": list({item["indicator"]: item for item in found["items"]}.values()),
    }


routes = [
    Route("/returns/{id}", show),
    Route("/returns/{id}/{deed}", ask),
    Route("/returns/{id}/{deed}", do, methods=["POST"]),
]
