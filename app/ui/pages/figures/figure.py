"""Sending figures: the list of one's indicators, and the form for one figure, new or revised."""

import asyncio
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import MOST, Json, Problem
from app.ui.kit.filters import plain
from app.ui.kit.form_words import form_words
from app.ui.kit.forms import Form, make_form, problem_of_row, read_form
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.figures.typed import read_typed
from app.ui.pages.plan.indicator import parse_id
from app.ui.pages.plan.plan import get_plan

NUMBERS = ("value", "numerator", "denominator", "sample_size", "margin", "margin_level")
TEXTS = ("period", "area", "status", "qualifier", "missing", "expected_on", "note", "reason")


async def show_indicators_to_send(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope("figures:write")
    indicators = await visit.api.get_all("/indicators", limit=MOST)
    mine = [each for each in indicators if "post" in each["may"] and not each["retired_on"]]
    mine.sort(key=lambda indicator: indicator["owed"] is None)
    return page(request, "figures/figures.html", {"mine": mine})


async def show_figure_form(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope("figures:write")
    code = request.path_params["code"]
    figure_id = request.query_params.get("figure")
    if figure_id:
        figure = await visit.api.get(f"/figures/{parse_id(figure_id)}")
        if figure["indicator"] != code:
            raise HTTPException(404)
        return await _form_page(request, make_form(**_form_values(figure)), revising=figure)
    period = request.query_params.get("period")
    if period is None:
        owed = (await visit.api.get(f"/indicators/{code}"))["owed"]
        period = owed["period"] if owed else ""
    return await _form_page(request, make_form(period=period, status="provisional", qualifier="exact"))


def _form_values(figure: Json) -> dict[str, Any]:
    values = {name: plain(figure.get(name)) for name in (*NUMBERS, *TEXTS, "margin_of")}
    if figure["withheld"]:
        # The reason shown in place of a hidden figure must not be sent as theirs.
        values["missing"] = ""
    values["note_before"] = values["note"]
    values.update({f"breakdown.{dimension}": part for dimension, part in figure["breakdown"].items()})
    return values


def typed_row(form: Form, code: str) -> dict[str, str]:
    """The form's texts by column, without blank fields."""
    columns = [
        *NUMBERS,
        *TEXTS,
        "margin_of",
        *(name for name in form.values if name.startswith("breakdown.")),
    ]
    texts = {name: form.text(name) for name in columns}
    return {"indicator": code, **{name: text for name, text in texts.items() if text is not None}}


async def _read_row(visit: Visit, form: Form, code: str) -> tuple[Json, list[str]]:
    """The typed figure as the API reads it, and notes of what was understood otherwise; errors go to their fields."""
    (reading,) = await read_typed(visit, [typed_row(form, code)])
    for error in reading["errors"]:
        form.add_error(error["field"] or "value", form_words(error["message"]))
    return reading["figure"] or {}, [form_words(note["message"]) for note in reading["notes"]]


async def post_figure(request: Request) -> Response:
    visit = await require_visit(request)
    code = request.path_params["code"]
    form = await read_form(request)
    if not form.text("period"):
        form.add_error("period", "Enter the period the figure is for, such as 2017-18-Q2")
    if not any(form.text(name) for name in ("value", "numerator", "missing")):
        form.add_error("value", "Enter the figure, or say why there is none")
    row, notes = await _read_row(visit, form, code)
    status = 422
    if not form.is_wrong:
        try:
            if warnings := await _get_warnings(visit, row, form, notes):
                return await _form_page(request, Form(form.values), warnings=warnings)
            receipt = await visit.api.post(
                "/figures", {"figures": [row]}, once=form.once, params=_correction_params(form)
            )
            return redirect(f"/receipts/{receipt['id']}?sent=yes")
        except Problem as problem:
            if problem.status not in (400, 409, 422):
                raise
            problem.body["errors"] = [
                {**error, "message": form_words(error["message"])}
                for error in problem.errors or problem_of_row(problem)
            ]
            for name in (*NUMBERS, *TEXTS):
                form.values.setdefault(name, "")
            if problem.code == "period_closed":
                form.values["locked"] = "yes"
            status = form.add_problem(problem)
    again = Form(form.values, form.messages, form.overall)
    return await _form_page(request, again, status=status)


def _correction_params(form: Form) -> dict[str, str | None]:
    """Marks the figure as a correction, if the box for a closed quarter is ticked."""
    return {"correction": "true"} if form["correction"] else {}


async def _get_warnings(visit: Visit, row: Json, form: Form, notes: list[str]) -> list[str]:
    """What to look at before the figure is sent; empty if the form has shown the same already.

    `notes` say what was understood otherwise than it is written; the API's warnings ask for a note, so a figure with
    one has none.
    """
    if form.text("note") and form.text("note") != form.text("note_before"):
        return notes if form["asked"] != to_line(notes) else []
    receipt = await visit.api.post(
        "/figures", {"figures": [row]}, params={"dry_run": "true", **_correction_params(form)}
    )
    if receipt["status"] == "rejected":
        return []
    warnings = [*notes, *(form_words(warning["message"]) for warning in receipt["rows"][0]["warnings"])]
    return warnings if form["asked"] != to_line(warnings) else []


def to_line(warnings: list[str]) -> str:
    """The warnings on one line, as a hidden field carries them: browsers change line ends."""
    return " ".join(warnings)


async def _form_page(
    request: Request,
    form: Form,
    *,
    status: int = 200,
    revising: Json | None = None,
    warnings: list[str] | None = None,
) -> Response:
    visit, code = await require_visit(request), request.path_params["code"]
    indicator, areas, plan = await asyncio.gather(
        visit.api.get(f"/indicators/{code}"), visit.api.get_all("/areas"), get_plan(visit, None)
    )
    if "post" not in indicator["may"]:
        raise Problem(403, "forbidden", "")
    context = {
        "indicator": indicator,
        "areas": areas,
        "plan": plan,
        "form": form,
        "revising": revising or form["revising"] or None,
        "doubts": warnings or [],
        "asked": to_line(warnings or []),
        "of_a_denominator": indicator["measure"] in ("percentage", "rate"),
    }
    return page(request, "figures/figure-form.html", context, status=status)


routes = [
    Route("/figures", show_indicators_to_send),
    Route("/indicators/{code}/figures/new", show_figure_form),
    Route("/indicators/{code}/figures/new", post_figure, methods=["POST"]),
]
