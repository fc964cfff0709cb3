"""Forms: the text of each field and its error message."""

import re
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.ui.kit import visit
from app.ui.kit.client import Json, Problem

PARTS = ("day", "month", "year")
NO_DAY = "Enter a real day, month and year, such as 12 1 2018"
NO_DAY_AT_ALL = "Enter the day"
OVERTAKEN = (
    "Somebody else saved a change while you had this open. Nothing of yours has been saved: "
    "check it and save again."
)
REFUSED = "The service refused this. Check what you entered and try again."


@dataclass
class Form:
    """A form's values as typed and its error messages. A form not yet sent has the stored values."""

    values: dict[str, Any] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    overall: list[str] = field(default_factory=list)
    once: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    """Idempotency key, sent with the form: pressing its button twice acts once."""
    names: dict[str, str] = field(default_factory=dict)
    """By field, the title to put before its message in the error summary."""
    filenames: dict[str, str] = field(default_factory=dict)
    """By field, the name of the uploaded file on the sender's machine."""

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name, "")

    def text(self, name: str) -> str | None:
        """Text typed, trimmed; None for blank."""
        return str(self.values.get(name, "")).strip() or None

    def several(self, name: str) -> list[str]:
        entries = self.values.get(name, [])
        return entries if isinstance(entries, list) else [entries]

    def day(self, name: str, *, needed: bool = True) -> str | None:
        """Parses a date typed in three fields, to ISO 8601; adds an error where it is no day or a part is blank."""
        typed = {part: self.text(f"{name}-{part}") for part in PARTS}
        if not needed and not any(typed.values()):
            return None
        try:
            return date(*(int(typed[part] or "") for part in reversed(PARTS))).isoformat()
        except ValueError:
            part = next((each for each in PARTS if not typed[each]), PARTS[0])
            self.add_error(f"{name}-{part}", NO_DAY if any(typed.values()) else NO_DAY_AT_ALL)
            return None

    def add_error(self, name: str, message: str) -> None:
        self.messages.setdefault(name, message)

    @property
    def in_order(self) -> list[tuple[str, str]]:
        """Field names and messages in the page's order, which is the order in which a browser sends fields."""
        places = {name: place for place, name in enumerate(self.values)}
        return sorted(self.messages.items(), key=lambda message: places.get(message[0], len(places)))

    def on_version(self, version: object) -> "Form":
        """The form as it was typed, with its messages, and with another key.

        It goes on the version that stands now where it was overtaken and says so; otherwise it stays on its own, so
        that a later change by somebody else is told too.
        """
        values = {**self.values, "version": version} if OVERTAKEN in self.overall else self.values
        return Form(values, self.messages, self.overall)

    @property
    def is_wrong(self) -> bool:
        return bool(self.messages or self.overall)

    def add_problem(self, problem: Problem, fields: dict[str, str] | None = None) -> int:
        """Adds the API's messages to their fields, the rest above the form; returns the status for the page.

        `fields` maps an API field to the form's, where their names differ.
        """
        field_names = set(self.values) | set((fields or {}).values())
        for error in problem.errors:
            name = _form_field(error.get("field"), fields or {})
            if name not in field_names and f"{name}-{PARTS[0]}" in field_names:
                name = f"{name}-{PARTS[0]}"
            if name in field_names:
                self.add_error(name, error["message"])
            elif error["message"] not in self.overall:
                self.overall.append(error["message"])
        if not problem.errors:
            self.overall.append(problem.detail or REFUSED)
        return problem.status if 400 <= problem.status < 500 else 422


def _form_field(name: str | None, fields: dict[str, str]) -> str:
    """The form's name for an API field such as `target.words` or `figures.0.value`."""
    if not name:
        return ""
    bare = re.sub(r"^(body\.)?(figures[.\[]\d+\]?\.)?", "", name)
    return fields.get(name) or fields.get(bare) or bare


FORM_BYTES = 1024 * 1024
"""Bytes of an ordinary form."""
UPLOAD_BYTES = 10 * 1024 * 1024 + 64 * 1024
"""Bytes of a form with a file, which is as large as the API takes."""
LONGEST_FILE_NAME = 200
MOST_FIELDS = 100
MOST_DRAINED = 64 * 1024 * 1024


async def read_form(
    request: Request, max_bytes: int = FORM_BYTES, lists: tuple[str, ...] = (), most_fields: int = MOST_FIELDS
) -> Form:
    """Reads a posted form and checks its token.

    `lists` names fields that may have several values; `most_fields` limits how many fields there are; a file is read
    as its bytes. Raises FormExpired, and HTTPException 413 for more than `max_bytes`.
    """
    await _require_size(request, max_bytes)
    values: dict[str, Any] = {}
    filenames: dict[str, str] = {}
    async with request.form(max_files=1, max_fields=most_fields, max_part_size=max_bytes) as fields:
        visit.check_form(request, fields)
        for name in fields:
            entry = fields[name]
            if isinstance(entry, UploadFile):
                values[name] = await entry.read()
                filenames[name] = entry.filename or ""
            else:
                values[name] = fields.getlist(name) if name in lists else entry
    once = values.pop("once", None)
    for name in lists:
        values.setdefault(name, [])
    form = Form(values, filenames=filenames)
    if once:
        form.once = str(once)
    return form


async def _require_size(request: Request, max_bytes: int) -> None:
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise HTTPException(400)
    if int(length) > max_bytes:
        # A browser that is still sending would show a broken connection instead of the answer.
        if int(length) <= MOST_DRAINED:
            async for _ in request.stream():
                pass
        raise HTTPException(413)


def file_name(name: str) -> str:
    """An uploaded file's name without folders or unprintable characters, cut to its last 200."""
    base_name = name.replace("\\", "/").rpartition("/")[2]
    return "".join(each for each in base_name if each.isprintable())[-LONGEST_FILE_NAME:]


async def save(
    form: Form, call: Awaitable[Json | None], fields: dict[str, str] | None = None
) -> tuple[Json | None, int]:
    """Awaits a change that a form asks for; gives the API's answer and 200.

    Refused, None and the status with which the form is shown again, with its messages. `fields` are as in
    `Form.add_problem`.
    """
    try:
        return await call, 200
    except Problem as problem:
        if problem.status not in (400, 409, 412, 413, 415, 422, 507):
            raise
        if problem.status == 412:
            form.overall.append(OVERTAKEN)
            return None, 412
        return None, form.add_problem(problem, fields)


def make_form(**values: Any) -> Form:
    """A form with these values, not yet sent."""
    return Form(dict(values))


def day_values(name: str, day: str | None) -> dict[str, str]:
    """Values of a date's three fields, from ISO 8601; blank for None."""
    parts = (day or "--").split("-")
    return {f"{name}-{part}": digits.lstrip("0") for part, digits in zip(reversed(PARTS), parts, strict=True)}


def problem_of_row(problem: Problem) -> list[Json]:
    """The errors of each row of a refused submission."""
    rows = problem.body.get("rows") or []
    return [error for row in rows for error in row.get("errors", [])]
