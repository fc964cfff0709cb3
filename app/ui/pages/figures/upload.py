"""Uploading a file of figures: the API stores and checks it, a person reads the preview and submits it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Body, Json, Problem
from app.ui.kit.forms import UPLOAD_BYTES, Form, file_name, make_form, read_form
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import require_visit

ROWS_SHOWN = 500
AGAIN_SECONDS = "10"
"""After which a waiting page reloads itself where scripts are off."""
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SPREADSHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
"""Endings of file names sent as spreadsheets; the API refuses some of the kinds."""
SPREADSHEET_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""First bytes of spreadsheet files: of ZIP archives and of old Office files."""


async def show_upload_form(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope("figures:write")
    return page(request, "figures/upload.html", {"form": make_form()})


async def post_upload(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request, max_bytes=UPLOAD_BYTES)
    content, name = form["file"], form.filenames.get("file", "")
    form.values["file"] = ""
    if not isinstance(content, bytes) or not content:
        chosen = f"“{file_name(name)}” is empty. " if name else ""
        form.add_error("file", f"{chosen}Choose a file with your figures")
        return page(request, "figures/upload.html", {"form": form}, status=422)
    try:
        body = Body(content, _media_type(name, content))
        upload = await visit.api.upload("/uploads", file_name(name), body)
    except Problem as problem:
        if problem.status not in (400, 413, 415, 422):
            raise
        form.add_error("file", problem.detail)
        return page(request, "figures/upload.html", {"form": form}, status=problem.status)
    return redirect(f"/figures/upload/{upload['id']}")


def _media_type(name: str, content: bytes) -> str:
    is_spreadsheet = name.lower().endswith(SPREADSHEETS) or content.startswith(SPREADSHEET_STARTS)
    return XLSX if is_spreadsheet else CSV


async def show_upload(request: Request) -> Response:
    """Shows the progress of the check, then a preview of each row; once submitted, redirects to the receipt."""
    visit = await require_visit(request)
    upload = await visit.api.get(f"/uploads/{request.path_params['id']}")
    if upload["state"] == "waiting":
        response = page(request, "figures/upload-waiting.html", {"upload": upload})
        response.headers["Refresh"] = AGAIN_SECONDS
        return response
    if upload["state"] == "sent":
        return redirect(f"/receipts/{upload['submission'].rpartition('/')[2]}")
    return _preview_page(request, upload)


async def show_upload_progress(request: Request) -> Response:
    """The part of a waiting page that htmx refreshes; once the check has ended, reloads the whole page."""
    visit = await require_visit(request)
    upload = await visit.api.get(f"/uploads/{request.path_params['id']}")
    response = page(request, "figures/upload-progress.html", {"upload": upload})
    if upload["state"] != "waiting":
        response.headers["HX-Redirect"] = f"/figures/upload/{upload['id']}"
    return response


def _preview_page(request: Request, upload: Json) -> Response:
    context = {"form": make_form(reason=""), "changed": False, "locked": _is_locked(upload["rows"])}
    return page(request, "figures/preview.html", {**context, **_row_context(upload)})


def _error_codes(rows: list[Json]) -> set[str]:
    return {error["code"] for row in rows for error in row["errors"]}


def _is_locked(rows: list[Json]) -> bool:
    """Whether nothing is wrong but that quarters are closed, and that corrections of them need a reason."""
    wrong = [{error["code"] for error in row["errors"]} for row in rows if row["errors"]]
    return bool(wrong) and all(
        "period_closed" in codes and codes <= {"period_closed", "reason_required"} for codes in wrong
    )


def _row_context(upload: Json) -> Json:
    """The rows of the preview, those that are wrong first."""
    rows = sorted(
        upload["rows"], key=lambda row: (0 if row["errors"] else 1 if row["warnings"] else 2, row["row"])
    )
    return {"upload": upload, "rows": rows, "shown": ROWS_SHOWN}


async def submit_upload(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    path = f"/uploads/{request.path_params['id']}"
    params: dict[str, str | None] = {"mode": "partial"} if form["mode"] == "partial" else {}
    if form["correction"]:
        params.update(correction="true", reason=form.text("reason"))
    try:
        receipt = await visit.api.post_alone(f"{path}/submit", once=form.once, params=params)
    except Problem as problem:
        if problem.code == "already_sent":
            return redirect(f"/figures/upload/{request.path_params['id']}")
        if problem.status not in (409, 422):
            raise
        return await _refusal_page(request, await visit.api.get(path), problem, form)
    return redirect(f"/receipts/{receipt['id']}?sent=yes")


async def _refusal_page(request: Request, upload: Json, problem: Problem, sent: Form) -> Response:
    """The preview again with new messages; or the form, if the file is gone.

    Something has changed since the preview, unless corrections of a closed quarter lack their reasons: those were not
    asked for before.
    """
    if not problem.body.get("rows"):
        form = make_form(file="")
        form.add_error("file", problem.detail)
        return page(request, "figures/upload.html", {"form": form}, status=problem.status)
    now: dict[str, Any] = {name: problem.body[name] for name in ("counts", "rows")}
    lacks_reasons = bool(sent["correction"]) and _error_codes(now["rows"]) == {"reason_required"}
    form = make_form(reason=sent["reason"])
    if lacks_reasons:
        form.add_error("reason", "Say why they are corrected")
    context = {"form": form, "changed": not lacks_reasons, "locked": lacks_reasons}
    shown = _row_context({**upload, **now, "may": []})
    return page(request, "figures/preview.html", {**context, **shown}, status=problem.status)


routes = [
    Route("/figures/upload", show_upload_form),
    Route("/figures/upload", post_upload, methods=["POST"]),
    Route("/figures/upload/{id}", show_upload),
    Route("/figures/upload/{id}/progress", show_upload_progress),
    Route("/figures/upload/{id}/send", submit_upload, methods=["POST"]),
]
