"""A file of figures: kept and checked by the API, looked over here, then sent exactly as it is kept by one button."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json, Problem
from app.ui.kit.forms import make_form, read_form
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import require_visit

MOST = 10 * 1024 * 1024
FORM_MOST = MOST + 64 * 1024
"""Bytes of a file, as the API takes, and of the form around it."""
LONGEST_NAME = 200
ROWS_SHOWN = 500
AGAIN_SECONDS = "10"
"""After which a page that waits is asked for again where no script does it."""
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SPREADSHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
"""Names of files that the API tells apart, whether it takes them or not."""
PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How such files begin, whatever they are called."""


async def ask(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope("figures:write")
    return page(request, "figures/upload.html", {"form": make_form()})


async def upload(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request, max_bytes=FORM_MOST)
    content, name = form["file"], form.filenames.get("file", "")
    form.values["file"] = ""
    if not isinstance(content, bytes) or not content:
        form.add_error("file", "Choose a file with your figures")
        return page(request, "figures/upload.html", {"form": form}, status=422)
    try:
        kept = await visit.api.upload(_tidy(name), _kind(name, content), content)
    except Problem as problem:
        if problem.status not in (400, 413, 415, 422):
            raise
        form.add_error("file", problem.detail)
        return page(request, "figures/upload.html", {"form": form}, status=problem.status)
    return redirect(f"/figures/upload/{kept['id']}")


def _kind(name: str, content: bytes) -> str:
    is_spreadsheet = name.lower().endswith(SPREADSHEETS) or content.startswith(PACKED)
    return XLSX if is_spreadsheet else CSV


def _tidy(name: str) -> str:
    """The file's name alone, without folders and without what cannot be shown."""
    alone = name.replace("\\", "/").rpartition("/")[2]
    return "".join(each for each in alone if each.isprintable())[-LONGEST_NAME:]


async def look_over(request: Request) -> Response:
    """What sending it would do; or how far the check has come; or what must be mended."""
    visit = await require_visit(request)
    kept = await visit.api.get(f"/uploads/{request.path_params['id']}")
    if kept["state"] == "waiting":
        response = page(request, "figures/upload-waiting.html", {"upload": kept})
        response.headers["Refresh"] = AGAIN_SECONDS
        return response
    if kept["state"] == "sent":
        return redirect(f"/receipts/{kept['submission'].rpartition('/')[2]}")
    return _preview(request, kept)


async def progress(request: Request) -> Response:
    """The part of a waiting page that changes; when there is nothing to wait for, the page is fetched anew."""
    visit = await require_visit(request)
    kept = await visit.api.get(f"/uploads/{request.path_params['id']}")
    response = page(request, "figures/upload-progress.html", {"upload": kept})
    if kept["state"] != "waiting":
        response.headers["HX-Redirect"] = f"/figures/upload/{kept['id']}"
    return response


def _preview(request: Request, kept: Json, *, changed: bool = False, status: int = 200) -> Response:
    rows = sorted(
        kept["rows"], key=lambda row: (0 if row["errors"] else 1 if row["warnings"] else 2, row["row"])
    )
    wrong = {error["code"] for row in rows for error in row["errors"]}
    context = {
        "upload": kept,
        "rows": rows,
        "shown": ROWS_SHOWN,
        "form": make_form(),
        "changed": changed,
        "locked": wrong == {"period_closed"},
    }
    return page(request, "figures/preview.html", context, status=status)


async def send(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    path = f"/uploads/{request.path_params['id']}"
    some: dict[str, str | None] = {"mode": "partial"} if form["mode"] == "partial" else {}
    if form["correction"]:
        some["correction"] = "true"
    try:
        receipt = await visit.api.post_alone(f"{path}/submit", once=form.once, params=some)
    except Problem as problem:
        if problem.code == "already_sent":
            return redirect(f"/figures/upload/{request.path_params['id']}")
        if problem.status not in (409, 422):
            raise
        return await _refused(request, await visit.api.get(path), problem)
    return redirect(f"/receipts/{receipt['id']}?sent=yes")


async def _refused(request: Request, kept: Json, problem: Problem) -> Response:
    """Something changed since it was looked over: what, row by row; or the file is not there any more."""
    if not problem.body.get("rows"):
        form = make_form(file="")
        form.add_error("file", problem.detail)
        return page(request, "figures/upload.html", {"form": form}, status=problem.status)
    now: dict[str, Any] = {name: problem.body[name] for name in ("counts", "rows")}
    return _preview(request, {**kept, **now, "may": []}, changed=True, status=problem.status)


routes = [
    Route("/figures/upload", ask),
    Route("/figures/upload", upload, methods=["POST"]),
    Route("/figures/upload/{id}", look_over),
    Route("/figures/upload/{id}/progress", progress),
    Route("/figures/upload/{id}/send", send, methods=["POST"]),
]
