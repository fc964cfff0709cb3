"""Approving who may see an indicator's figures, and from which day."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json, Problem
from app.ui.kit.forms import Form, make_form, read_form
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit

FIELDS = ("period", "audience", "from_on", "reason")
AUDIENCES = (
    ("submitter", "The agency that sends it alone", None),
    ("partnership", "The partnership", None),
    ("board", "The partnership and the Board", None),
    ("public", "Everybody, funders and the public included", None),
)
MISSING = {
    "period": "Choose the figure's period",
    "audience": "Choose who may see it",
    "from_on": "Enter the day from which they may, such as 2018-01-08",
    "reason": "Say why, or who cleared it",
}


async def show_release_form(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope("figures:release")
    form = make_form(period=request.query_params.get("period", ""), from_on=visit.today)
    return await _form_page(request, visit, form)


async def post_release(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    code = request.path_params["code"]
    for name in FIELDS:
        form.values.setdefault(name, "")
        if not form.text(name):
            form.add_error(name, MISSING[name])
    status = 422
    if not form.is_wrong:
        try:
            body = {"indicator": code, **{name: form.text(name) for name in FIELDS}}
            await visit.api.post("/releases", body, once=form.once)
            return redirect(f"/indicators/{code}?saved=release")
        except Problem as problem:
            if problem.status != 422:
                raise
            status = form.add_problem(problem)
    return await _form_page(request, visit, form, status)


async def _form_page(request: Request, visit: Visit, form: Form, status: int = 200) -> Response:
    code = request.path_params["code"]
    indicator, series = await asyncio.gather(
        visit.api.get(f"/indicators/{code}"), visit.api.get(f"/indicators/{code}/series")
    )
    context: dict[str, Any] = {
        "indicator": indicator,
        "form": form,
        "periods": _list_periods(indicator, series),
        "audiences": AUDIENCES,
    }
    return page(request, "figures/release.html", context, status=status)


def _list_periods(indicator: Json, series: Json) -> list[tuple[str, str]]:
    """Periods and labels of the figures, newest first. Includes the owed one, which may be approved beforehand."""
    periods = [(point["period"], point["period_label"]) for point in reversed(series["points"])]
    owed = indicator["owed"]
    if owed and owed["period"] not in dict(periods):
        periods.insert(0, (owed["period"], owed["period_label"]))
    return periods


routes = [
    Route("/indicators/{code}/release", show_release_form),
    Route("/indicators/{code}/release", post_release, methods=["POST"]),
]
