"""A payment of a grant: planned, let through its gates, authorised and recorded as paid."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json, Problem
from app.ui.kit.forms import Form, make_form, read_form, save
from app.ui.kit.numbers import read_numbers
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit

WRITE = "funding:write"
ACTIONS = {"authorise", "paid", "failed", "cancel", "waive", "gate-met"}


async def show_new_payment(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    grant = await visit.api.get(f"/grants/{request.path_params['reference']}")
    return _new_page(request, grant, make_form(amount="", report=""))


async def post_new_payment(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    reference = request.path_params["reference"]
    report = form.text("report")
    body = {
        "planned_on": form.day("planned_on"),
        "financial_year": form.text("financial_year"),
        "purpose": form.text("purpose") or "",
        "gates": [{"kind": "return_accepted", "subject": report}] if report else [],
        **await read_numbers(visit, form, pounds=["amount"]),
    }
    if body["amount"] is None:
        form.add_error("amount", "Enter the amount")
    status = 422
    if not form.is_wrong:
        _, status = await save(form, visit.api.post(f"/grants/{reference}/payments", body, once=form.once))
    if status == 200:
        return redirect(f"/grants/{reference}?saved=yes")
    grant = await visit.api.get(f"/grants/{reference}")
    return _new_page(request, grant, Form(form.values, form.messages, form.overall), status)


def _new_page(request: Request, grant: Json, form: Form, status: int = 200) -> Response:
    certain = {each["financial_year"] for each in grant["years"] if not each["is_indicated"]}
    quarters = {each["quarter"]: each["quarter_label"] for each in grant["amounts"]}
    context = {
        "grant": grant,
        "form": form,
        "years": [(year, year.replace("-", "/")) for year in sorted(certain)],
        "reports": [("", "No report"), *((key, quarters[key]) for key in sorted(quarters))],
    }
    return page(request, "grants/payment-form.html", context, status=status)


async def show_payment(request: Request) -> Response:
    visit = await require_visit(request)
    payment = await visit.api.get(_path(request))
    return await _payment_page(request, visit, payment, make_form(version=payment["version"]))


async def post_payment(request: Request) -> Response:
    """Takes a step of a payment; the form's button says which."""
    visit = await require_visit(request)
    form = await read_form(request)
    action = request.path_params["action"]
    if action not in ACTIONS:
        raise Problem(404, "not_found", "")
    body = _body(form, action)
    status = 422
    if not form.is_wrong:
        call = visit.api.decide(f"{_path(request)}/{action}", body, str(form["version"]))
        _, status = await save(form, call)
    if status == 200:
        return redirect(f"{_path(request)}?saved=yes")
    payment = await visit.api.get(_path(request))
    return await _payment_page(request, visit, payment, form.on_version(payment["version"]), status)


def _body(form: Form, action: str) -> Json:
    gate = form.text("gate") or ""
    number = int(gate) if gate.isdecimal() else 0
    if action == "paid":
        return {"paid_on": form.day("paid_on"), "ledger_reference": form.text("ledger_reference") or ""}
    if action == "gate-met":
        return {"gate": number, "met_on": form.day("met_on")}
    if action == "waive":
        if not form.text("reason"):
            form.add_error("reason", "Say why it is paid without")
        return {"gate": number, "reason": form.text("reason")}
    return {} if action == "authorise" else {"reason": form.text("reason") or ""}


def _path(request: Request) -> str:
    return f"/grants/{request.path_params['reference']}/payments/{request.path_params['number']}"


async def _payment_page(
    request: Request, visit: Visit, payment: Json, form: Form, status: int = 200
) -> Response:
    context = {
        "payment": payment,
        "grant": await visit.api.get(f"/grants/{payment['grant']}"),
        "form": form,
        "may_write": visit.may(WRITE),
        "saved": request.query_params.get("saved") == "yes",
    }
    return page(request, "grants/payment.html", context, status=status)


routes = [
    Route("/grants/{reference}/payments/new", show_new_payment),
    Route("/grants/{reference}/payments/new", post_new_payment, methods=["POST"]),
    Route("/grants/{reference}/payments/{number}", show_payment),
    Route("/grants/{reference}/payments/{number}/{action}", post_payment, methods=["POST"]),
]
