"""A return sent by form: saved as a draft, checked by a dry run, then sent and signed off."""

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
from app.ui.pages.figures.typed import read_typed
from app.ui.pages.plan.indicator import parse_id
from app.ui.pages.returns.agency_return import get_return
from app.ui.pages.returns.return_row import (
    EMPTY_ROW,
    draft_rows,
    form_values,
    is_blank,
    is_changed,
    key_of,
    messages_by_field,
    names_of,
    row_to_read,
    row_to_send,
    typed_row,
)

MOST_FIELDS = 20_000
NOTHING_CHANGED = "Nothing is entered or changed yet"


@dataclass
class ReturnEntry:
    """One request of the form: the return, the typed values and the rows that they change."""

    visit: Visit
    agency_return: Json
    form: Form
    changed: list[Json] = field(default_factory=list)
    rows: list[Json] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    """By field, what was understood otherwise than it is written."""
    unreadable: set[str] = field(default_factory=set)
    """Keys of the rows that cannot be read as a figure."""

    @property
    def address(self) -> str:
        return f"/returns/{self.agency_return['id']}"

    @property
    def keeps_draft(self) -> bool:
        """Whether the reader's agency drafts this return and signs it off; staff send figures only."""
        return bool(self.form["version"] != "")

    @property
    def params(self) -> dict[str, str | None]:
        """Marks the figures of a closed quarter as a correction; the page says so before it is sent."""
        return {"correction": "true"} if self.agency_return["period_state"] == "closed" else {}

    async def collect_rows(self) -> None:
        """Sets the changed figures and their rows, as the API reads them; adds errors for those it cannot read."""
        self.changed = [each for each in self.agency_return["items"] if is_changed(self.form, each)]
        for each in self.changed:
            if is_blank(typed_row(self.form, each)):
                self.form.add_error(f"{key_of(each)}.value", EMPTY_ROW)
        readings = await self._read()
        for name, messages in messages_by_field(self.changed, readings).items():
            self.form.add_error(name, " ".join(messages))
        self.notes = messages_by_field(self.changed, readings, "notes")
        self.rows = [row_to_send(*pair) for pair in zip(readings, self.changed, strict=True)]

    async def find_unreadable(self) -> None:
        """Sets the rows that the API cannot read; adds no error, as nobody has sent them yet."""
        self.changed = [each for each in self.agency_return["items"] if is_changed(self.form, each)]
        await self._read()

    async def _read(self) -> list[Json]:
        """Has the API read the changed rows as they were typed."""
        typed = [row_to_read(self.form, each) for each in self.changed]
        readings = await read_typed(self.visit, typed)
        self.unreadable = {
            key_of(each) for each, reading in zip(self.changed, readings, strict=True) if reading["errors"]
        }
        return readings

    @property
    def entered(self) -> int:
        """How many figures are in or entered; what cannot be read as one is neither."""
        return sum(
            bool(each["received_at"]) or is_changed(self.form, each)
            for each in self.agency_return["items"]
            if key_of(each) not in self.unreadable
        )


async def show_return_form(request: Request) -> Response:
    visit = await require_visit(request)
    agency_return = await _get_sendable(visit, request)
    if "send" not in agency_return["may"]:
        raise Problem(403, "forbidden", "")
    draft = await _get_draft(visit, agency_return)
    form = Form(form_values(agency_return["items"], draft["rows"] if draft else ()))
    form.values["version"] = draft["version"] if draft else ""
    entry = ReturnEntry(visit, agency_return, form)
    await entry.find_unreadable()
    return _form_page(request, entry, draft=draft)


async def _get_sendable(visit: Visit, request: Request) -> Json:
    """Gets the return with only the figures the reader may send: others may have moved to another agency."""
    agency_return = await get_return(visit, request)
    return {**agency_return, "items": [each for each in agency_return["items"] if "send" in each["may"]]}


async def _get_draft(visit: Visit, agency_return: Json) -> Json | None:
    """Gets the agency's draft; None if the return is not the reader's agency's, as for staff."""
    try:
        return await visit.api.get(f"/returns/{agency_return['id']}/draft")
    except Problem as problem:
        if problem.status == 404:
            return None
        raise


async def post_return_form(request: Request) -> Response:
    """Handles the form's buttons; the one that was pressed is in `do`."""
    visit = await require_visit(request)
    form = await read_form(request, most_fields=MOST_FIELDS)
    entry = ReturnEntry(visit, await _get_sendable(visit, request), form)
    match form.text("do"):
        case "save":
            return await _save_draft(request, entry)
        case "change":
            return _form_page(request, entry)
        case "send":
            return await _send_figures(request, entry)
    return await _dry_run(request, entry)


async def _save_draft(request: Request, entry: ReturnEntry) -> Response:
    body = {"rows": draft_rows(entry.form, entry.agency_return["items"])}
    try:
        await entry.visit.api.put(f"{entry.address}/draft", body, str(entry.form["version"]))
    except Problem as problem:
        if problem.status == 412:
            return await _conflict_page(request, entry)
        if problem.status not in (400, 409, 422):
            raise
        return _form_page(request, entry, entry.form.add_problem(problem))
    return redirect(f"{entry.address}?done=saved")


async def _conflict_page(request: Request, entry: ReturnEntry) -> Response:
    """The form again, with the draft a colleague saved meanwhile beside the typed values."""
    draft = await entry.visit.api.get(f"{entry.address}/draft")
    theirs = Form(form_values(entry.agency_return["items"], draft["rows"]))
    differing = [
        {"item": each, "theirs": typed_row(theirs, each), "yours": typed_row(entry.form, each)}
        for each in entry.agency_return["items"]
        if typed_row(theirs, each) != typed_row(entry.form, each)
    ]
    entry.form.values["version"] = draft["version"]
    return _form_page(request, entry, 412, draft=draft, differing=differing)


async def _dry_run(request: Request, entry: ReturnEntry) -> Response:
    """Sends the rows as a dry run; shows a preview, or the form with errors."""
    await entry.collect_rows()
    if not entry.rows:
        entry.form.overall.append(NOTHING_CHANGED)
    if entry.form.is_wrong:
        return _form_page(request, entry, 422)
    try:
        receipt = await entry.visit.api.post(
            "/figures", {"figures": entry.rows}, params={**entry.params, "dry_run": "true"}
        )
    except Problem as problem:
        return _refusal_page(request, entry, problem)
    _add_row_errors(entry, receipt["rows"])
    if entry.form.is_wrong:
        warnings = messages_by_field(entry.changed, receipt["rows"], "warnings")
        return _form_page(request, entry, 422, warnings=warnings)
    return _preview_page(request, entry, receipt)


def _preview_page(request: Request, entry: ReturnEntry, receipt: Json) -> Response:
    sent_keys = {key_of(each) for each in entry.changed}
    left = [
        each
        for each in entry.agency_return["items"]
        if each["received_at"] is None and key_of(each) not in sent_keys
    ]
    awaited = [each for each in entry.changed if entry.form[f"{key_of(each)}.missing"] == "awaited"]
    context = {
        "one": entry.agency_return,
        "form": entry.form,
        "rows": [{**row, "item": each} for row, each in zip(receipt["rows"], entry.changed, strict=True)],
        "receipt": receipt,
        "key_of": key_of,
        "notes": entry.notes,
        "left": left,
        "signs": not left and not awaited and entry.keeps_draft,
    }
    return page(request, "returns/return-preview.html", context)


async def _send_figures(request: Request, entry: ReturnEntry) -> Response:
    await entry.collect_rows()
    if not entry.rows:
        return redirect(entry.address)
    if entry.form.is_wrong:
        return _form_page(request, entry, 422)
    try:
        receipt = await entry.visit.api.post(
            "/figures", {"figures": entry.rows}, once=entry.form.once, params=entry.params
        )
    except Problem as problem:
        return _refusal_page(request, entry, problem)
    signed = await _sign_off(entry)
    await _drop_draft(entry)
    done = "signed" if signed else "sent"
    return redirect(f"{entry.address}?done={done}&receipt={parse_id(receipt['id'])}")


async def _sign_off(entry: ReturnEntry) -> bool:
    """Signs the return off if it is complete. If that fails, the figures are sent, and the return's page offers it."""
    now = await entry.visit.api.get(entry.address)
    if "sign_off" not in now["may"]:
        return False
    with contextlib.suppress(Problem):
        await entry.visit.api.post(f"{entry.address}/sign-off", {}, once=f"{entry.form.once}-signed")
        return True
    return False


async def _drop_draft(entry: ReturnEntry) -> None:
    """Empties the draft, unless somebody has saved a newer one."""
    if entry.form["version"] not in ("", "0"):
        with contextlib.suppress(Problem):
            await entry.visit.api.put(f"{entry.address}/draft", {"rows": []}, str(entry.form["version"]))


def _refusal_page(request: Request, entry: ReturnEntry, problem: Problem) -> Response:
    if problem.status not in (400, 409, 422):
        raise problem
    rows = problem.body.get("rows") or []
    _add_row_errors(entry, rows)
    if not entry.form.is_wrong:
        entry.form.add_problem(problem)
    warnings = messages_by_field(entry.changed, rows, "warnings")
    return _form_page(request, entry, problem.status, warnings=warnings)


def _add_row_errors(entry: ReturnEntry, rows: list[Json]) -> None:
    for name, messages in messages_by_field(entry.changed, rows).items():
        entry.form.add_error(name, " ".join(messages))


def _form_page(request: Request, entry: ReturnEntry, status: int = 200, **more: Any) -> Response:
    again = Form(entry.form.values, entry.form.messages, entry.form.overall)
    again.names = names_of(entry.agency_return["items"])
    context = {
        "one": entry.agency_return,
        "form": again,
        "key_of": key_of,
        "entered": entry.entered,
        "keeps_draft": entry.keeps_draft,
        "draft": None,
        "differing": [],
        "warnings": {},
        **more,
    }
    return page(request, "returns/return-form.html", context, status=status)


routes = [
    Route("/returns/{id}/form", show_return_form),
    Route("/returns/{id}/form", post_return_form, methods=["POST"]),
]
