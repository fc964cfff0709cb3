"""A decision with its meeting and what it decided, and its ratifying."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import Form, make_form, read_form, save
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.groups.writer import WRITE

PAGES = {
    "reporting-periods": "/quarters/",
    "indicators": "/indicators/",
    "priorities": "/priorities/",
    "groups": "/groups/",
    "funds": "/funding#",
    "grants": "/grants/",
    "rounds": "/funding/rounds/",
    "applications": "/funding/applications/",
}
"""Where what was decided is shown, by collection; a plan has the first page."""
NOUNS = {
    "indicators": "indicator",
    "priorities": "priority",
    "groups": "group",
    "funds": "fund",
    "grants": "grant",
    "rounds": "round",
    "applications": "application",
    "plans": "plan",
}
NOT_FOR_ALL = ("grants", "rounds", "applications")
"""Collections that not everybody may read."""


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
    again = form.on_version(decision["version"])
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
        "may_edit": visit.may(WRITE),
        "meetings": [("", "Choose a meeting"), *choices],
        "subject": await _subject_link(visit, decision),
        "saved": request.query_params.get("saved") == "yes",
    }
    return page(request, "groups/decision.html", context, status=status)


async def _subject_link(visit: Visit, decision: Json) -> tuple[str, str] | None:
    """Words for what was decided and the address of its page; None where there is none that the reader may open."""
    kind, ref = decision["subject_kind"], decision["subject_ref"]
    if kind is None or (kind in NOT_FOR_ALL and not await visit.may_read(f"/{kind}/{ref}")):
        return None
    if kind == "reporting-periods":
        quarter = await visit.api.get(f"/reporting-periods/{ref}")
        words = f"figures of {quarter['period_name']}"
        if visit.may("submissions:read"):
            return words, f"{PAGES[kind]}{ref}"
        return (words, f"{PAGES[kind]}{ref}/snapshot") if quarter["has_snapshot"] else None
    if kind not in NOUNS:
        return None
    words = f"{NOUNS[kind]} {ref.partition('?')[0]}"
    return words, "/" if kind == "plans" else f"{PAGES[kind]}{ref}"


routes = [
    Route("/decisions/{code}", show_decision),
    Route("/decisions/{code}/ratify", post_ratify, methods=["POST"]),
]
