"""A grant: who it is for, its money, what its next payment waits for, and the steps that are open."""

import asyncio
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json, Problem
from app.ui.kit.forms import Form, make_form, read_form, save
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit

STEPS = {
    "award": ("Award it", "note", "Who decided, and when"),
    "accept": ("Accept the offer", "note", "How you were told, where you enter it for the recipient"),
    "start": ("Record that it has started", "note", "Note"),
    "resume": ("Let it go on", "note", "Note"),
    "begin_close": ("Begin to close it", "note", "Note"),
    "close": ("Close it", "note", "Note"),
    "lapse": ("Record that the offer lapsed", "note", "Note"),
    "decline": ("Decline the offer", "reason", "Why"),
    "suspend": ("Pause it", "reason", "Why"),
    "terminate": ("End it early", "reason", "Why"),
    "withdraw": ("Take the proposal back", "reason", "Why"),
}
"""By step: words, the field of its request, and that field's label."""


async def show_grant(request: Request) -> Response:
    visit = await require_visit(request)
    reference = request.path_params["reference"]
    grant, payments, claims, repayments, variations, decisions = await asyncio.gather(
        visit.api.get(f"/grants/{reference}"),
        visit.api.get_all("/payments", grant=reference),
        visit.api.get_all("/claims", grant=reference),
        visit.api.get_all("/repayments", grant=reference),
        visit.api.get_all("/variations", grant=reference),
        visit.api.get_all("/decisions", subject_kind="grants", subject=reference),
    )
    quarters, lines = by_quarter(grant["amounts"])
    context = {
        "grant": grant,
        "links": await _links(visit, grant),
        "quarters": quarters,
        "lines": lines,
        "payments": payments,
        "claims": claims,
        "repayments": repayments,
        "variations": list(reversed(variations)),
        "decisions": decisions,
        "steps": [(name, STEPS[name][0]) for name in STEPS if name in grant["may"]],
        "may_plan": visit.may("funding:write") and grant["state"] in ("offered", "accepted", "live"),
        "saved": request.query_params.get("saved") == "yes",
    }
    return page(request, "grants/grant.html", context)


async def _links(visit: Visit, grant: Json) -> list[tuple[str, str]]:
    """Pages about the grant that the visitor may read: address and words."""
    pages = [
        (f"/groups/{grant['managed_by']}", "The group that manages it", grant["managed_by"]),
        (f"/priorities/{grant['priority']}", "The priority that it serves", grant["priority"]),
        (f"/grants/{grant['parent']}", f"Paid out of {grant['parent']}", grant["parent"]),
    ]
    return [(path, words) for path, words, code in pages if code and await visit.may_read(path)]


def by_quarter(amounts: Sequence[Json]) -> tuple[list[Json], list[Json]]:
    """Quarters in their order, and lines with their amounts by quarter."""
    quarters: dict[str, str] = {}
    lines: dict[tuple[str, str], dict[str, float]] = {}
    for each in sorted(amounts, key=lambda amount: str(amount["quarter"])):
        quarters[each["quarter"]] = each["quarter_label"]
    for each in amounts:
        lines.setdefault((each["line"], each["spending"]), {})[each["quarter"]] = each["amount"]
    return (
        [{"quarter": quarter, "label": label} for quarter, label in quarters.items()],
        [{"line": line, "spending": spending, "amounts": row} for (line, spending), row in lines.items()],
    )


async def show_step(request: Request) -> Response:
    visit = await require_visit(request)
    grant = await visit.api.get(f"/grants/{request.path_params['reference']}")
    return _step_page(request, grant, make_form(version=grant["version"], text=""))


async def post_step(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    reference, step = request.path_params["reference"], request.path_params["step"]
    _, field, _ = _words(step)
    if field == "reason" and not form.text("text"):
        form.add_error("text", "Say why")
    status = 422
    if not form.is_wrong:
        path = f"/grants/{reference}/{step.replace('_', '-')}"
        _, status = await save(
            form, visit.api.decide(path, {field: form.text("text") or ""}, str(form["version"]))
        )
    if status == 200:
        return redirect(f"/grants/{reference}?saved=yes")
    grant = await visit.api.get(f"/grants/{reference}")
    return _step_page(request, grant, form.on_version(grant["version"]), status)


def _words(step: str) -> tuple[str, str, str]:
    if step not in STEPS:
        raise Problem(404, "not_found", "")
    return STEPS[step]


def _step_page(request: Request, grant: Json, form: Form, status: int = 200) -> Response:
    words, field, label = _words(request.path_params["step"])
    context = {
        "grant": grant,
        "form": form,
        "step": request.path_params["step"],
        "words": words,
        "label": label,
        "is_needed": field == "reason",
    }
    return page(request, "grants/step.html", context, status=status)


routes = [
    Route("/grants/{reference}", show_grant),
    Route("/grants/{reference}/steps/{step}", show_step),
    Route("/grants/{reference}/steps/{step}", post_step, methods=["POST"]),
]
