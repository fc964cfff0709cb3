"""One return: its figures, the conversation about it, and the forms for its steps."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import MOST, Answer, Json
from app.ui.kit.forms import Form, make_form, read_form, save
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit

REASONS = ("not_applicable", "not_collected", "not_available")


@dataclass(frozen=True)
class StepForm:
    """The form for one step of a return, such as a query; on a page of its own or on the return's page."""

    may: str
    """The step's name in the API's `may`."""
    body: Callable[[Form], Json]
    done: str
    """Message on the page after the step."""
    template: str = "returns/return.html"
    fields: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    """The API's fields whose names differ from the form's."""


def _late_body(form: Form) -> Json:
    if not form.text("reason"):
        form.add_error("reason", "Say why it is late")
    return {"reason": form.text("reason"), "promised_on": form.day("promised_on")}


def _nil_body(form: Form) -> Json:
    if form["missing"] and form["missing"] not in REASONS:
        form.add_error("missing", "Choose why there are no figures")
    chosen = {"missing": form["missing"]} if form["missing"] else {}
    return {**chosen, "note": form.text("note") or ""}


def _query_body(form: Form) -> Json:
    if not form.text("text"):
        form.add_error("text", "Say what you want to ask")
    return {"text": form.text("text"), "indicators": form.several("indicators")}


def _answer_body(form: Form) -> Json:
    if not form.text("answer"):
        form.add_error("answer", "Write an answer")
    return {"text": form.text("answer")}


def _note_body(form: Form) -> Json:
    return {"text": form.text("note") or ""}


def _end_note_body(form: Form) -> Json:
    return {"text": form.text("end_note") or ""}


STEP_FORMS = {
    "late": StepForm(
        "late",
        _late_body,
        "The reason and the date are kept. Reminders stop.",
        "returns/return-late.html",
        ("reason", "promised_on-day", "promised_on-month", "promised_on-year"),
        names=(("promised_on", "promised_on-day"),),
    ),
    "nil": StepForm(
        "nil", _nil_body, "The nil return is sent.", "returns/return-nil.html", ("missing", "note")
    ),
    "query": StepForm(
        "query",
        _query_body,
        "Your query is sent. It stays open until the agency answers it, or corrects the figures it is about.",
        "returns/return-query.html",
        ("text", "indicators"),
        ("indicators",),
    ),
    "answer": StepForm(
        "answer", _answer_body, "Your answer is sent.", fields=("answer",), names=(("text", "answer"),)
    ),
    "end-query": StepForm(
        "end_query",
        _end_note_body,
        "The query is ended.",
        fields=("end_note",),
        names=(("text", "end_note"),),
    ),
    "check": StepForm(
        "check", _note_body, "The return is checked.", fields=("note",), names=(("text", "note"),)
    ),
    "sign-off": StepForm(
        "sign_off", _note_body, "The return is signed off.", fields=("note",), names=(("text", "note"),)
    ),
    "remind": StepForm("remind", lambda _form: {}, "A reminder is on its way to the agency's people."),
}
DONE_MESSAGES = {name: step_form.done for name, step_form in STEP_FORMS.items()} | {
    "saved": "Saved. Nothing has been sent yet: come back to it when you are ready.",
    "sent": "Your figures have been received.",
    "signed": "Your figures have been received, and the return is signed off.",
}


async def show_return(request: Request) -> Response:
    visit = await require_visit(request)
    answer = await _get_answer(visit, request)
    form = make_form(note="", answer="", end_note="", version=answer.version)
    return await _return_page(request, visit, answer.body, form)


async def get_return(visit: Visit, request: Request) -> Json:
    return (await _get_answer(visit, request)).body


async def _get_answer(visit: Visit, request: Request) -> Answer:
    """The return with its version, which its steps send back."""
    return await visit.api.request("GET", f"/returns/{request.path_params['id']}")


async def _return_page(
    request: Request, visit: Visit, agency_return: Json, form: Form, status: int = 200
) -> Response:
    indicators, to_check = await asyncio.gather(
        visit.api.get_all("/indicators", limit=MOST), _list_to_check(visit, agency_return)
    )
    done = request.query_params.get("done", "")
    context = {
        "one": agency_return,
        "form": form,
        "measured": {each["code"]: each for each in indicators},
        "said": DONE_MESSAGES.get(done),
        "receipt": request.query_params.get("receipt"),
        "to_check": to_check,
    }
    return page(request, "returns/return.html", context, status=status)


async def _list_to_check(visit: Visit, agency_return: Json) -> list[Json]:
    """Lists the other returns that wait for a check; empty for people who may not check."""
    if not visit.may("returns:check"):
        return []
    waiting = await visit.api.get_all("/returns", state="submitted", limit=MOST)
    return [each for each in waiting if each["id"] != agency_return["id"]]


def _get_step_form(request: Request) -> StepForm:
    step_form = STEP_FORMS.get(request.path_params["step"])
    if step_form is None:
        raise HTTPException(404)
    return step_form


async def show_step_form(request: Request) -> Response:
    """Shows a step's own page; redirects to the return if the step has none or is no longer allowed."""
    step_form = _get_step_form(request)
    visit = await require_visit(request)
    answer = await _get_answer(visit, request)
    agency_return = answer.body
    address = f"/returns/{agency_return['id']}"
    if step_form.template == "returns/return.html" or step_form.may not in agency_return["may"]:
        # Done by somebody else meanwhile, or by themselves in another tab.
        return redirect(address)
    form = make_form(**{name: [] if name in step_form.lists else "" for name in step_form.fields})
    form.values["version"] = answer.version
    if "missing" in step_form.fields:
        form.values["missing"] = REASONS[0]
    return page(
        request, step_form.template, {"one": agency_return, "form": form, **_item_context(agency_return)}
    )


async def post_step(request: Request) -> Response:
    step_form = _get_step_form(request)
    visit = await require_visit(request)
    form = await read_form(request, lists=step_form.lists)
    name = request.path_params["step"]
    address = f"/returns/{request.path_params['id']}"
    body, status = step_form.body(form), 422
    if not form.is_wrong:
        posting = visit.api.post_if_match(
            f"{address}/{name}", body, once=form.once, version=str(form["version"])
        )
        _, status = await save(form, posting, dict(step_form.names))
    if status == 200:
        return redirect(f"{address}?done={name}")
    answer = await _get_answer(visit, request)
    agency_return, again = answer.body, form.on_version(answer.version)
    if step_form.template == "returns/return.html":
        return await _return_page(request, visit, agency_return, again, status)
    return page(
        request,
        step_form.template,
        {"one": agency_return, "form": again, **_item_context(agency_return)},
        status=status,
    )


def _item_context(agency_return: Json) -> dict[str, Any]:
    missing = [each for each in agency_return["items"] if each["received_at"] is None]
    return {
        "missing": missing,
        "without_zero": [each for each in missing if each["nil"] is None],
        "indicators": list({each["indicator"]: each for each in agency_return["items"]}.values()),
    }


routes = [
    Route("/returns/{id}", show_return, name="return"),
    Route("/returns/{id}/{step}", show_step_form),
    Route("/returns/{id}/{step}", post_step, methods=["POST"]),
]
