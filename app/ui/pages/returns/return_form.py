"""A return sent by form: kept half done, tried out, then signed off and sent."""

import contextlib
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json, Problem
from app.ui.kit.forms import Form, read_form
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.plan.indicator import last_part
from app.ui.pages.returns.agency_return import read
from app.ui.pages.returns.return_row import (
    drafted,
    explain,
    is_changed,
    key_of,
    names_of,
    row_to_send,
    standing,
    typed,
)

MOST_FIELDS = 20_000
UNCHANGED = "Nothing is entered or changed yet"


@dataclass
class Sheet:
    """One posting of the form: the return, what was typed, and what of it would be sent."""

    visit: Visit
    found: Json
    form: Form
    items: list[Json] = field(default_factory=list)
    rows: list[Json] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"/returns/{self.found['id']}"

    @property
    def speaks(self) -> bool:
        """Whether the reader's agency keeps drafts of this return and signs it off; staff only send for it."""
        return bool(self.form["version"] != "")

    @property
    def params(self) -> dict[str, str | None]:
        """In a closed quarter whatever is sent is a correction: the page has said so."""
        return {"correction": "true"} if self.found["period_state"] == "closed" else {}

    def fill(self) -> None:
        """Works out what to send; what no program need look at to know it is wrong is blamed."""
        self.items = [item for item in self.found["items"] if is_changed(self.form, item)]
        self.rows = [row_to_send(self.form, item) for item in self.items]


async def ask(request: Request) -> Response:
    visit, found = await _begun(request)
    if "send" not in found["may"]:
        raise Problem(403, "forbidden", "")
    draft = await _draft(visit, found)
    form = Form(standing(found["items"], draft["rows"] if draft else ()))
    form.values["version"] = draft["version"] if draft else ""
    return _show(request, Sheet(visit, found, form), draft=draft)


async def _begun(request: Request) -> tuple[Visit, Json]:
    visit = await require_visit(request)
    return visit, await _found(visit, request)


async def _found(visit: Visit, request: Request) -> Json:
    """The return with what the reader sends of it: another agency may have taken some over since it was closed."""
    found = await read(visit, request)
    return {**found, "items": [item for item in found["items"] if "send" in item["may"]]}


async def _draft(visit: Visit, found: Json) -> Json | None:
    """What the reader's agency has kept; nothing where the return is another agency's, as for staff."""
    try:
        return await visit.api.get(f"/returns/{found['id']}/draft")
    except Problem as problem:
        if problem.status == 404:
            return None
        raise


async def send(request: Request) -> Response:
    """One form with several buttons; which one was pressed is in `do`."""
    visit = await require_visit(request)
    form = await read_form(request, most_fields=MOST_FIELDS)
    sheet = Sheet(visit, await _found(visit, request), form)
    match form.text("do"):
        case "save":
            return await _save(request, sheet)
        case "change":
            return _show(request, sheet)
        case "send":
            return await _send(request, sheet)
    return await _try(request, sheet)


async def _save(request: Request, sheet: Sheet) -> Response:
    body = {"rows": drafted(sheet.form, sheet.found["items"])}
    try:
        await sheet.visit.api.put(f"{sheet.address}/draft", body, str(sheet.form["version"]))
    except Problem as problem:
        if problem.status == 412:
            return await _overtaken(request, sheet)
        if problem.status not in (400, 409, 422):
            raise
        return _show(request, sheet, sheet.form.add_problem(problem))
    return redirect(f"{sheet.address}?done=saved")


async def _overtaken(request: Request, sheet: Sheet) -> Response:
    """Somebody else of the agency saved the form meanwhile: theirs is shown beside what was typed."""
    draft = await sheet.visit.api.get(f"{sheet.address}/draft")
    theirs = Form(standing(sheet.found["items"], draft["rows"]))
    differing = [
        {"item": item, "theirs": typed(theirs, item), "yours": typed(sheet.form, item)}
        for item in sheet.found["items"]
        if typed(theirs, item) != typed(sheet.form, item)
    ]
    sheet.form.values["version"] = draft["version"]
    return _show(request, sheet, 412, draft=draft, differing=differing)


async def _try(request: Request, sheet: Sheet) -> Response:
    """A dry run: what sending would do, or what to mend first."""
    sheet.fill()
    if not sheet.rows:
        sheet.form.overall.append(UNCHANGED)
    if sheet.form.is_wrong:
        return _show(request, sheet, 422)
    try:
        receipt = await sheet.visit.api.post(
            "/figures", {"figures": sheet.rows}, params={**sheet.params, "dry_run": "true"}
        )
    except Problem as problem:
        return _refused(request, sheet, problem)
    _blame(sheet, receipt["rows"])
    if sheet.form.is_wrong:
        return _show(request, sheet, 422, warnings=explain(sheet.items, receipt["rows"], "warnings"))
    return _preview(request, sheet, receipt)


def _preview(request: Request, sheet: Sheet, receipt: Json) -> Response:
    sent = {key_of(item) for item in sheet.items}
    left = [each for each in sheet.found["items"] if each["received_at"] is None and key_of(each) not in sent]
    awaited = [item for item in sheet.items if sheet.form[f"{key_of(item)}.missing"] == "awaited"]
    context = {
        "one": sheet.found,
        "form": sheet.form,
        "rows": [{**row, "item": item} for row, item in zip(receipt["rows"], sheet.items, strict=True)],
        "receipt": receipt,
        "key_of": key_of,
        "left": left,
        "signs": not left and not awaited and sheet.speaks,
    }
    return page(request, "returns/return-preview.html", context)


async def _send(request: Request, sheet: Sheet) -> Response:
    sheet.fill()
    if not sheet.rows:
        return redirect(sheet.address)
    if sheet.form.is_wrong:
        return _show(request, sheet, 422)
    try:
        receipt = await sheet.visit.api.post(
            "/figures", {"figures": sheet.rows}, once=sheet.form.once, params=sheet.params
        )
    except Problem as problem:
        return _refused(request, sheet, problem)
    signed = await _sign_off(sheet)
    await _drop_draft(sheet)
    done = "signed" if signed else "sent"
    return redirect(f"{sheet.address}?done={done}&receipt={last_part(receipt['id'])}")


async def _sign_off(sheet: Sheet) -> bool:
    """Once everything is in. The figures are sent either way: the return's page offers it again."""
    now = await sheet.visit.api.get(sheet.address)
    if "sign_off" not in now["may"]:
        return False
    with contextlib.suppress(Problem):
        await sheet.visit.api.post(f"{sheet.address}/sign-off", {}, once=f"{sheet.form.once}-signed")
        return True
    return False


async def _drop_draft(sheet: Sheet) -> None:
    """What was drafted is sent; a draft that somebody saved meanwhile is theirs, and stays."""
    if sheet.form["version"] not in ("", "0"):
        with contextlib.suppress(Problem):
            await sheet.visit.api.put(f"{sheet.address}/draft", {"rows": []}, str(sheet.form["version"]))


def _refused(request: Request, sheet: Sheet, problem: Problem) -> Response:
    if problem.status not in (400, 409, 422):
        raise problem
    rows = problem.body.get("rows") or []
    _blame(sheet, rows)
    if not sheet.form.is_wrong:
        sheet.form.add_problem(problem)
    warnings = explain(sheet.items, rows, "warnings")
    return _show(request, sheet, problem.status, warnings=warnings)


def _blame(sheet: Sheet, rows: list[Json]) -> None:
    for name, messages in explain(sheet.items, rows).items():
        sheet.form.add_error(name, " ".join(messages))


def _show(request: Request, sheet: Sheet, status: int = 200, **more: Any) -> Response:
    again = Form(sheet.form.values, sheet.form.messages, sheet.form.overall)
    again.names = names_of(sheet.found["items"])
    context = {
        "one": sheet.found,
        "form": again,
        "key_of": key_of,
        "entered": sum(bool(each["received_at"]) or is_changed(again, each) for each in sheet.found["items"]),
        "keeps_draft": sheet.speaks,
        "draft": None,
        "differing": [],
        "warnings": {},
        **more,
    }
    return page(request, "returns/return-form.html", context, status=status)


routes = [
    Route("/returns/{id}/form", ask),
    Route("/returns/{id}/form", send, methods=["POST"]),
]
