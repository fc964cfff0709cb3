"""A file of figures: previewed first, then sent exactly as previewed by one button."""

import csv
import io
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui import cookies, held
from app.ui.client import Json, Problem
from app.ui.forms import Form, filled, posted
from app.ui.render import go, page
from app.ui.visit import Visit, signed_in

FORM_MOST = held.MOST + held.MOST_CARRIED
ROWS_SHOWN = 500
TOO_LARGE = "The file is too large to preview. Split it into files of 4 MB or less"
"""What will always do: 10 MB is the most, of text that packs well."""
COLUMNS = ("indicator", "period", "value")


async def ask(request: Request) -> Response:
    visit = await signed_in(request)
    visit.need("figures:write")
    return page(request, "upload.html", {"form": filled()})


async def preview(request: Request) -> Response:
    visit = await signed_in(request)
    form = await posted(request, most=FORM_MOST)
    content = form["file"]
    form.values["file"] = ""
    if not isinstance(content, bytes) or not content:
        form.blame("file", "Choose a CSV file with your figures")
        return page(request, "upload.html", {"form": form}, status=422)
    try:
        carried = held.hold(_secret(request), content)
    except held.CannotHold:
        form.blame("file", TOO_LARGE)
        return page(request, "upload.html", {"form": form}, status=413)
    return await _try(request, visit, content, carried)


async def _try(request: Request, visit: Visit, content: bytes, carried: str) -> Response:
    """A dry run: what sending would do. A file that would be refused says row by row what to mend."""
    form, status = Form({"file": ""}), 200
    try:
        receipt = await visit.api.send_csv(content, dry_run=True)
    except Problem as problem:
        if problem.status not in (400, 409, 413, 415, 422):
            raise
        receipt = problem.body
        status = problem.status
        if not receipt.get("rows"):
            form.explain(problem)
            form.blame("file", form.overall.pop(0) if form.overall else problem.detail)
            return page(request, "upload.html", {"form": form}, status=status)
    good = status == 200 and receipt.get("status") != "rejected"
    context = {
        "receipt": receipt,
        "rows": rows_of(content, receipt["rows"]),
        "shown": ROWS_SHOWN,
        "carried": carried if good else None,
        "form": form,
    }
    return page(request, "preview.html", context, status=status if status != 200 or good else 422)


def rows_of(content: bytes, rows: list[Json]) -> list[Json]:
    """Each row of the answer beside what the file said in it, as text; rows to mend first."""
    text = content.decode("utf-8-sig", errors="replace")
    try:
        said = list(csv.DictReader(io.StringIO(text, newline="")))
    except csv.Error:
        said = []
    joined = []
    for row in rows:
        cells: dict[str, Any] = said[row["row"] - 1] if 0 < row["row"] <= len(said) else {}
        wanted = {name: cells.get(name) or "" for name in (*COLUMNS, "missing", "area")}
        joined.append({**row, "said": wanted})
    return sorted(joined, key=lambda row: (0 if row["errors"] else 1 if row["warnings"] else 2, row["row"]))


async def send(request: Request) -> Response:
    visit = await signed_in(request)
    form = await posted(request, most=FORM_MOST)
    carried = str(form["carried"])
    try:
        content = held.release(_secret(request), carried)
    except held.CannotHold:
        form.values = {}
        form.blame("file", "The preview is out of date. Choose the file again")
        return page(request, "upload.html", {"form": form}, status=422)
    try:
        receipt = await visit.api.send_csv(content, dry_run=False, once=form.once)
    except Problem as problem:
        if problem.status not in (400, 409, 413, 415, 422):
            raise
        # Something changed since the preview: a fresh one says what.
        return await _try(request, visit, content, carried)
    return go(f"/receipts/{receipt['id']}?sent=yes")


def _secret(request: Request) -> str:
    return cookies.read(request, cookies.SESSION) or ""


routes = [
    Route("/figures/upload", ask),
    Route("/figures/upload", preview, methods=["POST"]),
    Route("/figures/upload/send", send, methods=["POST"]),
]
