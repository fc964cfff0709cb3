"""Editing an indicator: its definition, baseline, target and agencies, each by a form of its own.

A form carries the stored values it was made with (`was`) and their version. If somebody else saved first, the API
answers 412, and the form is shown again with the typed, the old and the new values.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json, Problem
from app.ui.kit.forms import Form, make_form, read_form
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.plan.indicator_form import (
    agency_patch,
    agency_values,
    audience_patch,
    audience_values,
    baseline_patch,
    baseline_texts,
    baseline_values,
    definition_patch,
    definition_texts,
    definition_values,
    later_targets,
    no_texts,
    target_patch,
    target_texts,
    target_values,
)
from app.ui.pages.plan.target_check import read_unseen_target


@dataclass(frozen=True)
class Edit:
    heading: str
    names: dict[str, str]
    """The form's fields and their labels."""
    values: Callable[[Json], dict[str, Any]]
    texts: Callable[[Form], Json]
    """The numbers and periods that the API reads, as they were typed."""
    patch: Callable[[Form, Json], Json]
    """What to change, from the form and the fields that the API read."""
    fields: dict[str, str]
    """The API's fields whose names differ from the form's."""


EDITS = {
    "definition": Edit(
        "Change the definition",
        {
            "title": "Title",
            "definition": "What it counts",
            "note": "Note",
            "publication_lag_days": "Days until figures exist",
            "tolerance": "How close counts as near",
            "reporting_sensitive": "Depends on reporting",
            "paired_with": "Read with",
            "retired_reason": "Why it is retired",
        },
        definition_values,
        definition_texts,
        definition_patch,
        {},
    ),
    "baseline": Edit(
        "Change the baseline",
        {
            "kind": "Kind of baseline",
            "period": "Period",
            "value": "Figure",
            "caveat": "Caveat",
            "none_because": "Why there is none",
            "year": "Baseline year",
        },
        baseline_values,
        baseline_texts,
        baseline_patch,
        {
            "baseline": "value",
            **{f"baseline.{name}": name for name in ("period", "value", "caveat", "none_because", "year")},
        },
    ),
    "target": Edit(
        "Change the target",
        {
            "words": "Target",
            "applies": "When it applies",
            "from_period": "In force from",
            "milestones": "Milestones",
        },
        target_values,
        target_texts,
        target_patch,
        {
            "target": "words",
            **{f"target.{name}": name for name in ("words", "applies", "milestones", "from_period")},
        },
    ),
    "agency": Edit(
        "Change who answers for it",
        {"responsible_agency": "Responsible agency", "suppliers": "Also sent by"},
        agency_values,
        no_texts,
        agency_patch,
        {},
    ),
    "audience": Edit(
        "Change who sees it",
        {"release_to": "Who may see its figures"},
        audience_values,
        no_texts,
        audience_patch,
        {},
    ),
}


def _get_edit(request: Request) -> Edit:
    edit = EDITS.get(request.path_params["part"])
    if edit is None:
        raise HTTPException(404)
    return edit


async def show_edit_form(request: Request) -> Response:
    edit = _get_edit(request)
    visit = await require_visit(request)
    visit.require_scope("plan:write")
    indicator = await visit.api.get(f"/indicators/{request.path_params['code']}")
    values = edit.values(indicator)
    form = make_form(**values, reason="", version=indicator["version"], was=json.dumps(values))
    return await _form_page(request, indicator, form)


async def post_edit(request: Request) -> Response:
    edit, part = _get_edit(request), request.path_params["part"]
    visit = await require_visit(request)
    form = await read_form(request, lists=("suppliers", "reporting_sensitive"))
    code = request.path_params["code"]
    patch = edit.patch(form, await _read_texts(visit, code, edit, form))
    if not form.text("reason"):
        form.add_error("reason", "Say why this is changing")
    status, changes = 422, []
    if not form.is_wrong:
        try:
            if part == "target" and (reading := await read_unseen_target(visit, code, patch["target"], form)):
                return await _form_page(
                    request, await visit.api.get(f"/indicators/{code}"), form, extra={"reading": reading}
                )
            body = {**patch, "reason": form.text("reason")}
            await visit.api.patch(f"/indicators/{code}", body, str(form["version"]))
            return redirect(f"/indicators/{code}?saved={part}")
        except Problem as problem:
            if problem.status not in (409, 412, 422, 400):
                raise
            status = 412 if problem.status == 412 else form.add_problem(problem, edit.fields)
    indicator = await visit.api.get(f"/indicators/{code}")
    if status == 412:
        was, now = _parse_was(form), edit.values(indicator)
        changes = differences(edit, was, now)
        form.values |= {**untouched(form, was, now), "version": indicator["version"], "was": json.dumps(now)}
    return await _form_page(request, indicator, form, status, {"changes": changes})


async def _read_texts(visit: Visit, code: str, edit: Edit, form: Form) -> Json:
    """The API's reading of the form's numbers and periods; adds its messages to their fields."""
    texts = edit.texts(form)
    if not texts:
        return {}
    try:
        reading = await visit.api.post(f"/indicators/{code}/read", texts)
    except Problem as problem:
        if problem.status not in (400, 422):
            raise
        form.add_problem(problem, edit.fields)
        return {}
    for error in reading["errors"]:
        form.add_error(edit.fields.get(error["field"], error["field"]), error["message"])
    fields: Json = reading["fields"]
    return fields


def _parse_was(form: Form) -> dict[str, Any]:
    try:
        was = json.loads(form["was"] or "{}")
    except ValueError:
        was = {}
    return was if isinstance(was, dict) else {}


def untouched(form: Form, was: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """New values of the fields this person did not change: saving again must not undo somebody else's change."""
    return {
        name: now[name]
        for name in now
        if name in was and _with_plain_line_ends(form[name]) == _with_plain_line_ends(was[name])
    }


def _with_plain_line_ends(entry: Any) -> Any:
    return entry.replace("\r\n", "\n") if isinstance(entry, str) else entry


def differences(edit: Edit, was: dict[str, Any], now: dict[str, Any]) -> list[dict[str, Any]]:
    """Fields that somebody else changed while the form was open, with their old and new values."""
    return [
        {"name": label, "was": was.get(name, ""), "now": now.get(name, "")}
        for name, label in edit.names.items()
        if was.get(name, "") != now.get(name, "")
    ]


async def _form_page(
    request: Request,
    indicator: Json,
    form: Form,
    status: int = 200,
    extra: dict[str, Any] | None = None,
) -> Response:
    visit = await require_visit(request)
    agencies, others = await asyncio.gather(visit.api.get_all("/agencies"), visit.api.get_all("/indicators"))
    part = request.path_params["part"]
    context = {
        "indicator": indicator,
        "form": form,
        "part": part,
        "heading": EDITS[part].heading,
        "agencies": agencies,
        "others": others,
        "overtaken": status == 412,
        "changes": [],
        "later": later_targets(indicator),
        **(extra or {}),
    }
    return page(request, f"plan/edit-{part}.html", context, status=status)


routes = [
    Route("/indicators/{code}/{part}", show_edit_form),
    Route("/indicators/{code}/{part}", post_edit, methods=["POST"]),
]
