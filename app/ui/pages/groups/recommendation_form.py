"""Forms of a recommendation: adding and changing one, answering it, and reporting progress."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import Form, day_values, make_form, read_form, save
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit
from app.ui.pages.groups.recommendation import get_recommendation
from app.ui.pages.groups.writer import require_writer

TEXTS = ("source", "source_title", "text", "note")
CODES = ("agency", "owner")
DAYS = ("made_on", "answer_due_on", "due_on")
SOURCES = [
    ("", "Choose where it is from"),
    ("inspection", "Inspection"),
    ("peer_review", "Peer review"),
    ("evaluation", "Evaluation"),
    ("survey", "Survey"),
    ("scrutiny", "Scrutiny"),
    ("audit", "Audit"),
    ("death_review", "Death review"),
    ("asb_case_review", "ASB case review"),
]
ANSWERS = [
    ("accepted", "Accepted", None),
    ("partly_accepted", "Partly accepted", None),
    ("not_accepted", "Not accepted", None),
    ("being_considered", "Being considered", "The answer is still owed."),
]
STATES = [
    ("not_started", "Not started", None),
    ("on_track", "On track", None),
    ("at_risk", "At risk", None),
    ("late", "Late", None),
    ("done", "Done", "It is closed, and can be reopened."),
    ("stopped", "Stopped", "It is closed, and can be reopened."),
]


@dataclass(frozen=True)
class StepForm:
    """A step's page: its name, the last part of its address, the field that is chosen from, and the choices."""

    step: str
    path: str
    heading: str
    field: str
    legend: str
    choices: list[tuple[str, str, str | None]]
    text_label: str


STEP_FORMS = {
    "answer": StepForm(
        "answer", "answer", "Answer", "answer", "What is our answer?", ANSWERS, "Our answer in words"
    ),
    "progress": StepForm(
        "report",
        "progress",
        "Report progress",
        "state",
        "How is it going?",
        STATES,
        "What has been done since?",
    ),
    "reopen": StepForm(
        "reopen", "reopen", "Reopen", "state", "How is it going?", STATES[:4], "Why is it reopened?"
    ),
}


async def show_new_form(request: Request) -> Response:
    visit = await require_writer(request)
    return await _edit_page(request, visit, make_form(), None)


async def add_recommendation(request: Request) -> Response:
    visit = await require_writer(request)
    form = await read_form(request)
    body = _body(form)
    status = 422
    if not form.is_wrong:
        added, status = await save(form, visit.api.post("/recommendations", body, once=form.once))
        if added is not None:
            return redirect(f"/recommendations/{added['code']}?saved=added")
    return await _edit_page(request, visit, form, None, status)


async def show_edit_form(request: Request) -> Response:
    visit = await require_writer(request)
    recommendation = await get_recommendation(visit, request)
    return await _edit_page(request, visit, make_form(**_values(recommendation)), recommendation)


async def edit_recommendation(request: Request) -> Response:
    visit = await require_writer(request)
    form = await read_form(request)
    body = {**_body(form), "reason": form.text("reason")}
    if not body["reason"]:
        form.add_error("reason", "Enter why it changes")
    address = f"/recommendations/{request.path_params['code']}"
    status = 422
    if not form.is_wrong:
        _, status = await save(form, visit.api.patch(address, body, str(form["version"])))
    if status == 200:
        return redirect(f"{address}?saved=yes")
    recommendation = await get_recommendation(visit, request)
    form = form.on_version(recommendation["version"])
    return await _edit_page(request, visit, form, recommendation, status)


def _values(recommendation: Json) -> dict[str, str]:
    texts = {name: recommendation[name] for name in TEXTS}
    codes = {name: (recommendation[name] or {}).get("code", "") for name in CODES}
    days = [day_values(name, recommendation[name]) for name in DAYS]
    values = {**texts, **codes, "version": recommendation["version"]}
    for parts in days:
        values |= parts
    return values


def _body(form: Form) -> Json:
    """What the form says, with messages for what is missing."""
    for name, message in (
        ("source", "Choose where it is from"),
        ("source_title", "Enter what it is from, such as the inspection's name and month"),
        ("text", "Enter what is recommended"),
    ):
        if not form.text(name):
            form.add_error(name, message)
    body: Json = {name: form.text(name) or "" for name in TEXTS}
    body |= {name: form.text(name) for name in CODES}
    return body | {name: form.day(name, needed=False) for name in DAYS}


async def _edit_page(
    request: Request, visit: Visit, form: Form, recommendation: Json | None, status: int = 200
) -> Response:
    agencies = await visit.api.get_all("/agencies")
    posts = await visit.api.get_all("/posts")
    context = {
        "recommendation": recommendation,
        "form": form,
        "sources": SOURCES,
        "agencies": [
            ("", "The partnership as a whole"),
            *((each["code"], each["name"]) for each in agencies),
        ],
        "posts": [("", "No owner"), *((each["code"], each["title"]) for each in posts)],
    }
    return page(request, "groups/recommendation-edit.html", context, status=status)


def _step_form(request: Request) -> StepForm:
    return STEP_FORMS[request.url.path.rpartition("/")[2]]


async def show_step_form(request: Request) -> Response:
    step_form = _step_form(request)
    visit = await require_writer(request)
    recommendation = await get_recommendation(visit, request)
    if step_form.step not in recommendation["may"]:
        return redirect(f"/recommendations/{recommendation['code']}")
    return _step_page(request, recommendation, make_form(version=recommendation["version"]))


async def post_step(request: Request) -> Response:
    step_form = _step_form(request)
    visit = await require_writer(request)
    form = await read_form(request)
    field = step_form.field
    body: Json = {field: form.text(field), "text": form.text("text"), "day": form.day("day", needed=False)}
    body["on_behalf_of"] = form.text("on_behalf_of") or ""
    if not body[field]:
        form.add_error(field, "Choose our answer" if field == "answer" else "Choose how it is going")
    if not body["text"]:
        form.add_error("text", "Enter it in a sentence")
    address = f"/recommendations/{request.path_params['code']}"
    status = 422
    if not form.is_wrong:
        path = f"{address}/{step_form.path}"
        posting = visit.api.post_if_match(path, body, once=form.once, version=str(form["version"]))
        _, status = await save(form, posting)
    if status == 200:
        return redirect(f"{address}?saved=yes")
    recommendation = await get_recommendation(visit, request)
    form = form.on_version(recommendation["version"])
    return _step_page(request, recommendation, form, status)


def _step_page(request: Request, recommendation: Json, form: Form, status: int = 200) -> Response:
    context = {
        "recommendation": recommendation,
        "form": form,
        "step": _step_form(request),
    }
    return page(request, "groups/recommendation-step.html", context, status=status)


routes = [
    Route("/new/recommendation", show_new_form),
    Route("/new/recommendation", add_recommendation, methods=["POST"]),
    Route("/recommendations/{code}/edit", show_edit_form),
    Route("/recommendations/{code}/edit", edit_recommendation, methods=["POST"]),
    *(Route(f"/recommendations/{{code}}/{path}", show_step_form) for path in STEP_FORMS),
    *(Route(f"/recommendations/{{code}}/{path}", post_step, methods=["POST"]) for path in STEP_FORMS),
]
