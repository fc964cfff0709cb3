"""Recommendations: all of them by what is owed, and one with its history and evidence."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import UPLOAD_BYTES, Form, make_form, read_form, save
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.groups.writer import WRITE
from app.ui.pages.record.file import attach_file, check_file

NO_DAY = "9999"
SAVED = {
    "added": "The recommendation is added",
    "yes": "Your change is saved",
    "file": "The file is added",
    "removed": "The file is removed",
}


async def show_recommendations(request: Request) -> Response:
    visit = await require_visit(request)
    recommendations = await visit.api.get_all("/recommendations")
    context = {"sections": by_what_is_owed(recommendations), "may_add": visit.may(WRITE)}
    return page(request, "groups/recommendations.html", context)


def by_what_is_owed(recommendations: list[Json]) -> list[tuple[str, list[Json]]]:
    """Sections of the page: answers owed, then work that is due, each with the earliest day first, then the rest."""
    answers = [each for each in recommendations if each["answer_timing"] != "nothing_owed"]
    work = [each for each in recommendations if each["due_timing"] != "nothing_owed"]
    rest = [each for each in recommendations if each not in answers and each not in work]
    sections = [
        ("Answers owed", sorted(answers, key=lambda each: each["answer_due_on"] or NO_DAY)),
        ("Being worked on", sorted(work, key=lambda each: each["due_on"] or NO_DAY)),
        ("Closed or not accepted", rest),
    ]
    return [(heading, rows) for heading, rows in sections if rows]


async def show_recommendation(request: Request) -> Response:
    visit = await require_visit(request)
    recommendation = await get_recommendation(visit, request)
    return _recommendation_page(request, visit, recommendation, make_form(title=""))


async def get_recommendation(visit: Visit, request: Request) -> Json:
    return await visit.api.get(f"/recommendations/{request.path_params['code']}")


def _recommendation_page(
    request: Request, visit: Visit, recommendation: Json, form: Form, status: int = 200
) -> Response:
    context: dict[str, Any] = {
        "recommendation": recommendation,
        "form": form,
        "may_edit": visit.may(WRITE),
        "saved": SAVED.get(request.query_params.get("saved", "")),
    }
    return page(request, "groups/recommendation.html", context, status=status)


async def post_evidence(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    form = await read_form(request, max_bytes=UPLOAD_BYTES)
    address = f"/recommendations/{request.path_params['code']}"
    check_file(form)
    status = 422
    if not form.is_wrong:
        _, status = await save(form, attach_file(visit, form, f"{address}/evidence"))
    if status == 200:
        return redirect(f"{address}?saved=file#evidence")
    form.values["file"] = ""
    return _recommendation_page(request, visit, await get_recommendation(visit, request), form, status)


async def remove_evidence(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    form = await read_form(request)
    address = f"/recommendations/{request.path_params['code']}"
    file = f"{address}/evidence/{request.path_params['sha256']}"
    _, status = await save(form, visit.api.delete(file, str(form["version"])))
    if status == 200:
        return redirect(f"{address}?saved=removed#evidence")
    again = Form({"title": ""}, form.messages, form.overall)
    return _recommendation_page(request, visit, await get_recommendation(visit, request), again, status)


routes = [
    Route("/recommendations", show_recommendations),
    Route("/recommendations/{code}", show_recommendation),
    Route("/recommendations/{code}/evidence", post_evidence, methods=["POST"]),
    Route("/recommendations/{code}/evidence/{sha256}/remove", remove_evidence, methods=["POST"]),
]
