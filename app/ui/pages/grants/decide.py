"""A claim and a change of a grant, each with the decision that is open."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json, Problem
from app.ui.kit.forms import Form, make_form, read_form, save
from app.ui.kit.numbers import read_numbers
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit

OF_CHANGES = {"approve", "refuse", "withdraw"}


async def show_claim(request: Request) -> Response:
    visit = await require_visit(request)
    claim = await visit.api.get(_claim_path(request))
    form = make_form(version=claim["version"], approved=claim["asked"], reason="")
    return await _page(request, visit, "grants/claim.html", {"claim": claim, "form": form})


async def post_claim(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    amounts = await read_numbers(visit, form, pounds=["approved"])
    if amounts["approved"] is None:
        form.add_error("approved", "Enter how much is approved; 0 rejects the claim")
    status = 422
    if not form.is_wrong:
        body = {**amounts, "reason": form.text("reason") or ""}
        call = visit.api.decide(f"{_claim_path(request)}/decide", body, str(form["version"]))
        _, status = await save(form, call)
    if status == 200:
        return redirect(f"{_claim_path(request)}?saved=yes")
    claim = await visit.api.get(_claim_path(request))
    context = {"claim": claim, "form": form.on_version(claim["version"])}
    return await _page(request, visit, "grants/claim.html", context, status)


async def show_change(request: Request) -> Response:
    visit = await require_visit(request)
    change = await visit.api.get(_change_path(request))
    form = make_form(version=change["version"], reason="")
    return await _page(request, visit, "grants/change.html", {"change": change, "form": form})


async def post_change(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    action = request.path_params["action"]
    if action not in OF_CHANGES:
        raise Problem(404, "not_found", "")
    body = {} if action == "withdraw" else {"reason": form.text("reason") or ""}
    call = visit.api.decide(f"{_change_path(request)}/{action}", body, str(form["version"]))
    _, status = await save(form, call)
    if status == 200:
        return redirect(f"{_change_path(request)}?saved=yes")
    change = await visit.api.get(_change_path(request))
    context = {"change": change, "form": form.on_version(change["version"])}
    return await _page(request, visit, "grants/change.html", context, status)


async def _page(request: Request, visit: Visit, template: str, context: Json, status: int = 200) -> Response:
    context["grant"] = await visit.api.get(f"/grants/{request.path_params['reference']}")
    context["saved"] = request.query_params.get("saved") == "yes"
    form: Form = context["form"]
    form.values.setdefault("reason", "")
    return page(request, template, context, status=status)


def _claim_path(request: Request) -> str:
    return f"/grants/{request.path_params['reference']}/claims/{request.path_params['number']}"


def _change_path(request: Request) -> str:
    return f"/grants/{request.path_params['reference']}/variations/{request.path_params['number']}"


routes = [
    Route("/grants/{reference}/claims/{number}", show_claim),
    Route("/grants/{reference}/claims/{number}", post_claim, methods=["POST"]),
    Route("/grants/{reference}/variations/{number}", show_change),
    Route("/grants/{reference}/variations/{number}/{action}", post_change, methods=["POST"]),
]
