"""Forms of a decision: a new one of a meeting or a chair, and a change to one."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import Form, make_form, read_form, save
from app.ui.kit.numbers import read_numbers
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.groups.choices import post_choices
from app.ui.pages.groups.writer import WRITE

OUTCOMES = (
    ("agreed", "Agreed"),
    ("agreed_with_conditions", "Agreed with conditions"),
    ("refused", "Refused"),
    ("deferred", "Deferred"),
)
TEXTS = ("text", "outcome", "reasons", "conditions", "heard_how")


async def show_meeting_decision(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
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
    visit.require_scope(WRITE)
    group = await visit.api.get(f"/groups/{request.path_params['code']}")
    chair = (group["chair"] or {}).get("code", "")
    return await _form_page(request, visit, make_form(outcome="agreed", on_behalf_of=chair), {"group": group})


async def post_chairs_action(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    group = await visit.api.get(f"/groups/{request.path_params['code']}")
    body = {**await _body(visit, form), "group": group["code"], "decided_on": form.day("decided_on")}
    return await _save(request, visit, form, body, {"group": group})


async def show_edit_form(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    decision = await visit.api.get(f"/decisions/{request.path_params['code']}")
    values = {name: decision[name] or "" for name in TEXTS}
    values |= {"number": decision["number"], "amount": decision["amount"], "version": decision["version"]}
    values |= {
        "subject": _subject(decision),
        "on_behalf_of": (decision["on_behalf_of"] or {}).get("code", ""),
    }
    return await _form_page(request, visit, make_form(**values), await _of_decision(visit, decision))


async def post_edit(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    code = request.path_params["code"]
    body = await _body(visit, form)
    if "number" in form.values:
        body |= await read_numbers(visit, form, whole=["number"])
    status = 422
    if not form.is_wrong:
        saved, status = await save(form, visit.api.patch(f"/decisions/{code}", body, str(form["version"])))
        if saved is not None:
            return redirect(f"/decisions/{code}?saved=yes")
    decision = await visit.api.get(f"/decisions/{code}")
    again = form.on_version(decision["version"])
    return await _form_page(request, visit, again, await _of_decision(visit, decision), status)


async def _of_decision(visit: Visit, decision: Json) -> Json:
    """The decision, with its meeting or its group."""
    meeting = decision["meeting"]
    if meeting is not None:
        return {"decision": decision, "meeting": await visit.api.get(f"/meetings/{meeting['code']}")}
    return {"decision": decision, "group": decision["group"]}


def _subject(decision: Json) -> str:
    """What it decided, as a choice of the form; empty for none."""
    return f"{decision['subject_kind']} {decision['subject_ref']}" if decision["subject_kind"] else ""


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
    """`of` has the meeting, or the group of a chair's action; and the decision that changes."""
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
    decision = of.get("decision")
    if decision is not None and _subject(decision) not in dict(subjects):
        subjects.append((_subject(decision), "What it is about now"))
    context = {
        "form": form,
        "decision": decision,
        "meeting": of.get("meeting"),
        "group": of.get("group"),
        "outcomes": OUTCOMES,
        "subjects": subjects,
        "posts": posts,
    }
    return page(request, "groups/decision-form.html", context, status=status)


routes = [
    Route("/new/decision/{code}", show_meeting_decision),
    Route("/new/decision/{code}", post_meeting_decision, methods=["POST"]),
    Route("/new/chairs-action/{code}", show_chairs_action),
    Route("/new/chairs-action/{code}", post_chairs_action, methods=["POST"]),
    Route("/decisions/{code}/edit", show_edit_form),
    Route("/decisions/{code}/edit", post_edit, methods=["POST"]),
]
