"""Proposes a grant: who, what for, how much and out of which money, on one page."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import Form, make_form, read_form, save
from app.ui.kit.numbers import read_numbers
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.grants.money_source import money_sources

NEEDED = {
    "reference": "Enter a reference, such as SSF-17-11",
    "recipient": "Choose who it is for",
    "purpose": "Enter what it is for",
    "source": "Choose the money that pays it",
}
PAID_IN = (
    ("advance", "In advance"),
    ("arrears", "In arrears, on claims of what was spent"),
    ("milestone", "At milestones"),
)
LINE = "All of it"


async def show_proposal(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope("funding:write")
    return await _proposal_page(request, visit, make_form(paid_in="advance"))


async def post_proposal(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    for name, message in NEEDED.items():
        if not form.text(name):
            form.add_error(name, message)
    body = await _body(visit, form)
    status = 422
    if not form.is_wrong:
        _, status = await save(form, visit.api.post("/grants", body, once=form.once))
    if status == 200:
        return redirect(f"/grants/{body['reference']}?saved=yes")
    return await _proposal_page(request, visit, Form(form.values, form.messages, form.overall), status)


async def _body(visit: Visit, form: Form) -> Json:
    amounts = await read_numbers(visit, form, pounds=["amount"])
    if amounts["amount"] is None:
        form.add_error("amount", "Enter the amount")
    kind, _, code = (form.text("source") or "").partition(" ")
    money = {"delegation": code} if kind == "delegation" else {"allocations": [{"code": code}]}
    return {
        "reference": form.text("reference"),
        "recipient": form.text("recipient"),
        "purpose": form.text("purpose"),
        "reasons": form.text("reasons") or "",
        "managed_by": form.text("managed_by"),
        "paid_in": form.text("paid_in"),
        "starts": form.day("starts"),
        "ends": form.day("ends"),
        "lines": [{"title": LINE, "amount": amounts["amount"]}],
        **money,
    }


async def _proposal_page(request: Request, visit: Visit, form: Form, status: int = 200) -> Response:
    agencies, groups, sources = await asyncio.gather(
        visit.api.get_all("/agencies", recipients="true"), visit.api.get_all("/groups"), money_sources(visit)
    )
    names = {group["code"]: group["name"] for group in groups}
    context = {
        "form": form,
        "recipients": [("", "Choose"), *((each["code"], each["name"]) for each in agencies)],
        "groups": [("", "None, or the group whose money it is"), *names.items()],
        "sources": sources,
        "paid_in": PAID_IN,
    }
    return page(request, "grants/proposal.html", context, status=status)


routes = [
    Route("/grants/new", show_proposal),
    Route("/grants/new", post_proposal, methods=["POST"]),
]
