"""Organisations that grants go to: all of them, and a new one."""

import asyncio
from collections import Counter

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import Form, make_form, read_form, save
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import require_visit

WRITE = "funding:write"
NUMBERS = {"charity": "GB-CHC", "company": "GB-COH", "scottish": "GB-SC"}
"""Registers that the form asks for, by the name of their fields."""
REGISTERS = {
    "GB-CHC": "Charity number",
    "GB-COH": "Company number",
    "GB-SC": "Scottish charity number",
    "GB-NIC": "Northern Ireland charity number",
    "GB-LAE": "Council code",
}


async def show_recipients(request: Request) -> Response:
    visit = await require_visit(request)
    agencies, grants = await asyncio.gather(
        visit.api.get_all("/agencies", recipients="true"), visit.api.get_all("/grants")
    )
    counts = Counter(grant["recipient"]["code"] for grant in grants)
    rows = [
        {**agency, "grants": counts[agency["code"]], "numbers": number_words(agency)}
        for agency in agencies
        if counts[agency["code"]] or agency["kind"] == "provider"
    ]
    context = {
        "recipients": sorted(rows, key=lambda row: row["name"].casefold()),
        "may_add": visit.may(WRITE),
        "saved": request.query_params.get("saved") == "yes",
    }
    return page(request, "grants/recipients.html", context)


def number_words(agency: Json) -> list[str]:
    return [f"{REGISTERS[each['scheme']]} {each['value']}" for each in agency["identifiers"]]


async def show_new_recipient(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    return _form_page(request, make_form())


async def post_new_recipient(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    given = {name: scheme for name, scheme in NUMBERS.items() if form.text(name)}
    body = {
        "code": form.text("code"),
        "name": form.text("name"),
        "identifiers": [{"scheme": scheme, "value": form.text(name)} for name, scheme in given.items()],
    }
    for name, message in (("name", "Enter its name"), ("code", "Enter a short name, such as holme-lane")):
        if not body[name]:
            form.add_error(name, message)
    status = 422
    if not form.is_wrong:
        fields = {f"identifiers.{place}.value": name for place, name in enumerate(given)}
        saved, status = await save(form, visit.api.post("/agencies", body, once=form.once), fields)
        if saved is not None:
            return redirect("/funding/organisations?saved=yes")
    return _form_page(request, Form(form.values, form.messages, form.overall), status)


def _form_page(request: Request, form: Form, status: int = 200) -> Response:
    return page(request, "grants/recipient.html", {"form": form}, status=status)


routes = [
    Route("/funding/organisations", show_recipients),
    Route("/funding/organisations/new", show_new_recipient),
    Route("/funding/organisations/new", post_new_recipient, methods=["POST"]),
]
