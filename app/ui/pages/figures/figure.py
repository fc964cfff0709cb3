"""Sending figures: where to begin, and the form for one figure, new or revised."""

import asyncio
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import MOST, Json, Problem
from app.ui.kit.filters import plain
from app.ui.kit.forms import Form, make_form, problem_of_row, read_form
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.plan.indicator import last_part
from app.ui.pages.plan.plan import plan_of

NUMBERS = ("value", "numerator", "denominator", "sample_size", "margin", "margin_level")
TEXTS = ("period", "area", "status", "qualifier", "missing", "expected_on", "note", "reason")


async def begin(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope("figures:write")
    indicators = await visit.api.get_all("/indicators", limit=MOST)
    mine = [item for item in indicators if "post" in item["may"] and not item["retired_on"]]
    return page(
        request, "figures/figures.html", {"mine": sorted(mine, key=lambda item: item["owed"] is None)}
    )


async def ask(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope("figures:write")
    code = request.path_params["code"]
    figure_id = request.query_params.get("figure")
    if figure_id:
        figure = await visit.api.get(f"/figures/{last_part(figure_id)}")
        if figure["indicator"] != code:
            raise HTTPException(404)
        return await _show(request, make_form(**_values(figure)), revising=figure)
    period = request.query_params.get("period")
    if period is None:
        owed = (await visit.api.get(f"/indicators/{code}"))["owed"]
        period = owed["period"] if owed else ""
    return await _show(request, make_form(period=period, status="provisional", qualifier="exact"))


def _values(figure: Json) -> dict[str, Any]:
    shown = {name: plain(figure.get(name)) for name in (*NUMBERS, *TEXTS, "margin_of")}
    if figure["withheld"]:
        # What stands in for a figure they may not see is nothing they would send.
        shown["missing"] = ""
    shown.update({f"breakdown.{name}": value for name, value in figure["breakdown"].items()})
    return shown


def row_of(form: Form) -> Json:
    """The row as the API takes it: what was left blank is left out."""
    row: Json = {}
    for name in NUMBERS:
        number = form.number(name)
        if number is not None:
            row[name] = number
    for name in (*TEXTS, "margin_of"):
        text = form.text(name)
        if text is not None:
            row[name] = text
    breakdown = {
        name.removeprefix("breakdown."): value
        for name, value in form.values.items()
        if name.startswith("breakdown.") and value
    }
    return {**row, "breakdown": breakdown} if breakdown else row


async def send(request: Request) -> Response:
    visit = await require_visit(request)
    code = request.path_params["code"]
    form = await read_form(request)
    row = {"indicator": code, **row_of(form)}
    if "period" not in row:
        form.add_error("period", "Enter the period the figure is for, such as 2017-18-Q2")
    if not any(form.text(name) for name in ("value", "numerator", "missing")):
        form.add_error("value", "Enter the figure, or say why there is none")
    status = 422
    if not form.is_wrong:
        try:
            if doubts := await _doubts(visit, row, form):
                return await _show(request, Form(form.values), doubts=doubts)
            receipt = await visit.api.post("/figures", {"figures": [row]}, once=form.once, params=_how(form))
            return redirect(f"/receipts/{receipt['id']}?sent=yes")
        except Problem as problem:
            if problem.status not in (400, 409, 422):
                raise
            if not problem.errors:
                problem.body["errors"] = problem_of_row(problem)
            for name in (*NUMBERS, *TEXTS):
                form.values.setdefault(name, "")
            if problem.code == "period_closed":
                form.values["locked"] = "yes"
            status = form.add_problem(problem)
    again = Form(form.values, form.messages, form.overall)
    return await _show(request, again, status=status)


def _how(form: Form) -> dict[str, str | None]:
    """A closed quarter has said so once; then the box that makes it a correction is there to tick."""
    return {"correction": "true"} if form["correction"] else {}


async def _doubts(visit: Visit, row: Json, form: Form) -> list[str]:
    """What the API would ask about the row, until there is a note or the same has been shown already."""
    if form.text("note"):
        return []
    tried = await visit.api.post("/figures", {"figures": [row]}, params={"dry_run": "true", **_how(form)})
    if tried["status"] == "rejected":
        return []
    doubts = [warning["message"] for warning in tried["rows"][0]["warnings"]]
    return doubts if form["asked"] != asked(doubts) else []


def asked(doubts: list[str]) -> str:
    """As the form carries what it has shown: on one line, whatever a browser makes of line ends."""
    return " ".join(doubts)


async def _show(
    request: Request,
    form: Form,
    *,
    status: int = 200,
    revising: Json | None = None,
    doubts: list[str] | None = None,
) -> Response:
    visit, code = await require_visit(request), request.path_params["code"]
    indicator, areas, plan = await asyncio.gather(
        visit.api.get(f"/indicators/{code}"), visit.api.get_all("/areas"), plan_of(visit, None)
    )
    if "post" not in indicator["may"]:
        raise Problem(403, "forbidden", "")
    context = {
        "indicator": indicator,
        "areas": areas,
        "plan": plan,
        "form": form,
        "revising": revising or form["revising"] or None,
        "doubts": doubts or [],
        "asked": asked(doubts or []),
        "of_a_denominator": indicator["measure"] in ("percentage", "rate"),
    }
    return page(request, "figures/figure-form.html", context, status=status)


routes = [
    Route("/figures", begin),
    Route("/indicators/{code}/figures/new", ask),
    Route("/indicators/{code}/figures/new", send, methods=["POST"]),
]
