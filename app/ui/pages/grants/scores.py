"""The score form: one assessor's scores of all applications of a round, on one page."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import Form, make_form, read_form, save
from app.ui.kit.numbers import read_numbers
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit

MOST_FIELDS = 3_000
SCORED_IN = ("submitted", "in_assessment", "deferred", "reserve")
INTERESTS = (
    ("none", "No interest"),
    ("took_no_part", "I have one, and take no part"),
    ("stayed", "I have one, and stay"),
)


async def show_scores(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope("funding:write")
    round_, rows, own = await _read(visit, request.path_params["code"])
    values: Json = {}
    for code, each in own.items():
        values |= {f"score-{code}-{one['criterion']}": one["score"] for one in each["scores"]}
        values |= {f"{name}-{code}": each[name] for name in ("interest", "comment", "because")}
    return _scores_page(request, (round_, rows, own), make_form(**values))


async def post_scores(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request, most_fields=MOST_FIELDS)
    round_, rows, own = await _read(visit, request.path_params["code"])
    criteria = [each["code"] for each in round_["scheme"]["criteria"]]
    names = [f"score-{row['code']}-{each}" for row in rows for each in criteria]
    numbers = await read_numbers(visit, form, whole=[name for name in names if form.text(name)])
    scored = [row["code"] for row in rows if own.get(row["code"], {}).get("interest") != "took_no_part"]
    entries = {code: _appraisal(form, code, criteria, numbers) for code in scored}
    appraisals = [each for code, each in entries.items() if code in own or _is_filled_in(each)]
    if not appraisals and not form.is_wrong:
        form.overall.append("Nothing is scored yet: enter a score or an interest.")
    status = 422
    if not form.is_wrong:
        path = f"/rounds/{round_['code']}/appraisals"
        call = visit.api.post(path, {"appraisals": appraisals}, once=form.once)
        _, status = await save(form, call, _fields(appraisals, criteria))
    if status == 200:
        return redirect(f"/funding/rounds/{round_['code']}?saved=yes")
    form = Form(form.values, form.messages, form.overall, names=_titles(rows, round_))
    return _scores_page(request, (round_, rows, own), form, status)


Sheet = tuple[Json, list[Json], dict[str, Json]]
"""The round, the applications to score, and the assessor's own entries by application."""


async def _read(visit: Visit, code: str) -> Sheet:
    round_, rows, appraisals = await asyncio.gather(
        visit.api.get(f"/rounds/{code}"),
        visit.api.get_all("/applications", round=code),
        visit.api.get_all("/appraisals", round=code),
    )
    own = {each["application"]: each for each in appraisals if each["is_own"]}
    return round_, [row for row in rows if row["state"] in SCORED_IN], own


def _appraisal(form: Form, code: str, criteria: list[str], numbers: Json) -> Json:
    """What the form says of one application."""
    scores = [
        {"criterion": each, "score": numbers[name]}
        for each in criteria
        if numbers.get(name := f"score-{code}-{each}") is not None
    ]
    return {
        "application": code,
        "scores": scores,
        "comment": form.text(f"comment-{code}") or "",
        "interest": form.text(f"interest-{code}") or "none",
        "because": form.text(f"because-{code}") or "",
    }


def _is_filled_in(each: Json) -> bool:
    return bool(each["scores"] or each["comment"] or each["because"] or each["interest"] != "none")


def _fields(appraisals: list[Json], criteria: list[str]) -> dict[str, str]:
    """The form's field for each of the API's."""
    fields: dict[str, str] = {}
    for number, each in enumerate(appraisals):
        code, before = each["application"], f"appraisals.{number}"
        fields |= {f"{before}.scores.{one}": f"score-{code}-{one}" for one in criteria}
        fields |= {f"{before}.{name}": f"{name}-{code}" for name in ("interest", "comment", "because")}
        fields[f"{before}.scores"] = f"interest-{code}"
    return fields


def _titles(rows: list[Json], round_: Json) -> dict[str, str]:
    """Words before each message: the application, and the criterion where it is about a score."""
    titles: dict[str, str] = {}
    for row in rows:
        titles |= {
            f"score-{row['code']}-{each['code']}": f"{row['code']}, {each['title']}"
            for each in round_["scheme"]["criteria"]
        }
    return titles


def _scores_page(request: Request, sheet: Sheet, form: Form, status: int = 200) -> Response:
    round_, rows, own = sheet
    without_part = {code for code, each in own.items() if each["interest"] == "took_no_part"}
    context = {
        "round": round_,
        "applications": [row for row in rows if row["code"] not in without_part],
        "without_part": [row for row in rows if row["code"] in without_part],
        "form": form,
        "interests": INTERESTS,
    }
    return page(request, "grants/scores.html", context, status=status)


routes = [
    Route("/funding/rounds/{code}/scores", show_scores),
    Route("/funding/rounds/{code}/scores", post_scores, methods=["POST"]),
]
