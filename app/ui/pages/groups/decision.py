"""A decision with its meeting and what it decided; a new one of a meeting or a chair; its ratifying."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import Form, make_form, read_form
from app.ui.kit.numbers import read_numbers
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.groups.saving import EDIT, post_choices, save

OUTCOMES = (
    ("agreed", "Agreed"),
    ("agreed_with_conditions", "Agreed with conditions"),
    ("refused", "Refused"),
    ("deferred", "Deferred"),
)
PAGES = {
    "reporting-periods": "/quarters/",
    "indicators": "/indicators/",
    "priorities": "/priorities/",
    "groups": "/groups/",
}
"""Where what was decided is shown, by collection; a plan has the first page."""


async def show_decision(request: Request) -> Response:
    visit = await require_visit(request)
    decision = await visit.api.get(f"/decisions/{request.path_params['code']}")
    return await _decision_page(request, visit, decision, make_form(version=decision["version"], meeting=""))


async def post_ratify(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    code = request.path_params["code"]
    if not form.text("meeting"):
        form.add_error("meeting", "Choose the meeting that ratified it")
    status = 422
    if not form.is_wrong:
        body = {"meeting": form.text("meeting")}
        call = visit.api.decide(f"/decisions/{code}/ratify", body, str(form["version"]))
        saved, status = await save(form, call)
        if saved is not None:
            return redirect(f"/decisions/{code}?saved=yes")
    decision = await visit.api.get(f"/decisions/{code}")
    again = Form({**form.values, "version": decision["version"]}, form.messages, form.overall)
    return await _decision_page(request, visit, decision, again, status)


async def _decision_page(
    request: Request, visit: Visit, decision: Json, form: Form, status: int = 200
) -> Response:
    meetings = await visit.api.get_all("/meetings") if "ratify" in decision["may"] else []
    choices = [
        (each["code"], f"{each['group']['name']}, {each['day']}")
        for each in sorted(meetings, key=lambda meeting: str(meeting["day"]))
        if each["state"] == "held" and each["day"] >= decision["decided_on"]
    ]
    context = {
        "decision": decision,
        "form": form,
        "meetings": [("", "Choose a meeting"), *choices],
        "subject_page": await _subject_page(visit, decision),
        "saved": request.query_params.get("saved") == "yes",
    }
    return page(request, "groups/decision.html", context, status=status)


async def _subject_page(visit: Visit, decision: Json) -> str | None:
    """Address of the page that shows what was decided; None where there is none that the reader may open."""
    kind, ref = decision["subject_kind"], decision["subject_ref"]
    if kind is None:
        return None
    if kind == "reporting-periods" and not visit.may("submissions:read"):
        quarter = await visit.api.get(f"/reporting-periods/{ref}")
        return f"{PAGES[kind]}{ref}/snapshot" if quarter["has_snapshot"] else None
    return "/" if kind == "plans" else f"{PAGES[kind]}{ref}" if kind in PAGES else None


async def show_meeting_decision(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(EDIT)
    meeting = await visit.api.get(f"/meetings/{request.path_params['code']}")
    return await _form_page(request, visit, make_form(outcome="agreed"), {"meeting": meeting})


async def post_meeting_decision(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    meeting = await visit.api.get(f"/meetings/{request.path_params['code']}")
    body = {
        **await _body(visit, form),
        **await read_numbers(visit, form, whole=["number"]),
        "meeting": meeting["code"],
    }
    return await _save(request, visit, form, body, {"meeting": meeting})


async def show_chairs_action(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(EDIT)
    group = await visit.api.get(f"/groups/{request.path_params['code']}")
    chair = (group["chair"] or {}).get("code", "")
    return await _form_page(request, visit, make_form(outcome="agreed", on_behalf_of=chair), {"group": group})


async def post_chairs_action(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    group = await visit.api.get(f"/groups/{request.path_params['code']}")
    body = {**await _body(visit, form), "group": group["code"], "decided_on": form.day("decided_on")}
    return await _save(request, visit, form, body, {"group": group})


async def _body(visit: Visit, form: Form) -> Json:
    if not form.text("text"):
        form.add_error("text", "Enter what was decided")
    subject = (form.text("subject") or "").partition(" ")
    return {
        "text": form.text("text"),
        "outcome": form.text("outcome"),
        "reasons": form.text("reasons") or "",
        "conditions": form.text("conditions") or "",
        **await read_numbers(visit, form, pounds=["amount"]),
        "subject": {"kind": subject[0], "ref": subject[2]} if subject[0] else None,
        "on_behalf_of": form.text("on_behalf_of"),
        "heard_how": form.text("heard_how") or "",
    }


async def _save(request: Request, visit: Visit, form: Form, body: Json, of: Json) -> Response:
    status = 422
    if not form.is_wrong:
        fields = {"decided_on": "decided_on-day"}
        saved, status = await save(form, visit.api.post("/decisions", body, once=form.once), fields)
        if saved is not None:
            return redirect(f"/decisions/{saved['code']}?saved=yes")
    return await _form_page(request, visit, Form(form.values, form.messages, form.overall), of, status)


async def _form_page(request: Request, visit: Visit, form: Form, of: Json, status: int = 200) -> Response:
    """`of` has the meeting, or the group of a chair's action."""
    periods, plans, posts = await asyncio.gather(
        visit.api.get_all("/reporting-periods"), visit.api.get_all("/plans"), post_choices(visit)
    )
    subjects = [
        ("", "Something else"),
        *(
            (f"reporting-periods {each['period']}", f"Figures of {each['period_name']}")
            for each in reversed(periods)
        ),
        *(
            (f"plans {each['code']}?version={each['version']}", f"{each['title']}, version {each['version']}")
            for each in plans
        ),
    ]
    context = {
        "form": form,
        "meeting": of.get("meeting"),
        "group": of.get("group"),
        "outcomes": OUTCOMES,
        "subjects": subjects,
        "posts": posts,
    }
    return page(request, "groups/decision-form.html", context, status=status)


routes = [
    Route("/meetings/{code}/decision", show_meeting_decision),
    Route("/meetings/{code}/decision", post_meeting_decision, methods=["POST"]),
    Route("/groups/{code}/chairs-action", show_chairs_action),
    Route("/groups/{code}/chairs-action", post_chairs_action, methods=["POST"]),
    Route("/decisions/{code}", show_decision),
    Route("/decisions/{code}/ratify", post_ratify, methods=["POST"]),
]
