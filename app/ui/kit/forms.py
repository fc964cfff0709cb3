"""Forms: their fields as sent, and what the API said of each."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.ui.kit import visit
from app.ui.kit.client import Json, Problem

NO_NUMBER = "Enter a number of up to 15 digits, such as 1204 or 41.4"
PARTS = ("day", "month", "year")
NO_DAY = "Enter a real day, month and year, such as 12 1 2018"
NO_DAY_AT_ALL = "Enter the day"
REFUSED = "The service refused this. Check what you entered and try again."


@dataclass
class Form:
    """What was typed, and the messages to show beside it. A form not yet sent holds what is there now."""

    values: dict[str, Any] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    overall: list[str] = field(default_factory=list)
    once: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    """Sent with the form, so that pressing its button twice does the thing once."""
    names: dict[str, str] = field(default_factory=dict)
    """What a field is about, where the summary of what is wrong must tell many of a kind apart."""
    filenames: dict[str, str] = field(default_factory=dict)
    """What its files are called where they come from."""

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name, "")

    def text(self, name: str) -> str | None:
        """What was typed, trimmed; nothing for blank."""
        return str(self.values.get(name, "")).strip() or None

    def several(self, name: str) -> list[str]:
        value = self.values.get(name, [])
        return value if isinstance(value, list) else [value]

    def number(self, name: str) -> int | float | None:
        """The number typed, pound signs, per cent signs and thousands' commas aside.

        Text that is no number is blamed, and counts as nothing.
        """
        text = self.text(name)
        if text is None:
            return None
        bare = re.sub(r"(?<=\d),(?=\d{3})|[£%\s]", "", text)
        if re.fullmatch(r"[-+]?\d{1,15}", bare):
            return int(bare)
        if re.fullmatch(r"[-+]?\d{1,15}\.\d{1,15}", bare):
            return float(bare)
        self.blame(name, NO_NUMBER)
        return None

    def day(self, name: str, *, needed: bool = True) -> str | None:
        """The date typed in three fields, as the API writes it; one that is no day, or not all there, is blamed."""
        typed = {part: self.text(f"{name}-{part}") for part in PARTS}
        if not needed and not any(typed.values()):
            return None
        try:
            return date(*(int(typed[part] or "") for part in reversed(PARTS))).isoformat()
        except ValueError:
            wanting = next((part for part in PARTS if not typed[part]), PARTS[0])
            self.blame(f"{name}-{wanting}", NO_DAY if any(typed.values()) else NO_DAY_AT_ALL)
            return None

    def blame(self, name: str, message: str) -> None:
        self.messages.setdefault(name, message)

    @property
    def in_order(self) -> list[tuple[str, str]]:
        """The messages as their fields stand on the page, which is how a browser sends them."""
        places = {name: place for place, name in enumerate(self.values)}
        return sorted(self.messages.items(), key=lambda item: places.get(item[0], len(places)))

    @property
    def is_wrong(self) -> bool:
        return bool(self.messages or self.overall)

    def explain(self, problem: Problem, fields: dict[str, str] | None = None) -> int:
        """Puts the API's messages beside their fields, the rest on top; gives back the status to answer with.

        `fields` maps an API field to the form's, where their names differ.
        """
        known = set(self.values) | set((fields or {}).values())
        for error in problem.errors:
            name = _form_field(error.get("field"), fields or {})
            if name in known:
                self.blame(name, error["message"])
            elif error["message"] not in self.overall:
                self.overall.append(error["message"])
        if not problem.errors:
            self.overall.append(problem.detail or REFUSED)
        return problem.status if 400 <= problem.status < 500 else 422


def _form_field(name: str | None, fields: dict[str, str]) -> str:
    """`target.words` and `figures.0.value` by the form's names."""
    if not name:
        return ""
    bare = re.sub(r"^(body\.)?(figures[.\[]\d+\]?\.)?", "", name)
    return fields.get(name) or fields.get(bare) or bare


MOST = 1024 * 1024
"""Bytes of an ordinary form."""
MOST_FIELDS = 100
MOST_DRAINED = 64 * 1024 * 1024


async def posted(
    request: Request, most: int = MOST, lists: tuple[str, ...] = (), most_fields: int = MOST_FIELDS
) -> Form:
    """The form as posted, once its token is known to be ours.

    `lists` names fields that may have several values; `most_fields` is how many there may be; a file is its bytes.
    Raises FormExpired, and HTTPException 413 for more than `most` bytes.
    """
    await _refuse_what_is_longer(request, most)
    values: dict[str, Any] = {}
    filenames: dict[str, str] = {}
    async with request.form(max_files=1, max_fields=most_fields, max_part_size=most) as fields:
        visit.check_form(request, fields)
        for name in fields:
            value = fields[name]
            if isinstance(value, UploadFile):
                values[name] = await value.read()
                filenames[name] = value.filename or ""
            else:
                values[name] = fields.getlist(name) if name in lists else value
    once = values.pop("once", None)
    for name in lists:
        values.setdefault(name, [])
    form = Form(values, filenames=filenames)
    if once:
        form.once = str(once)
    return form


async def _refuse_what_is_longer(request: Request, most: int) -> None:
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise HTTPException(400)
    if int(length) > most:
        # A browser that is still sending would show a broken connection instead of the answer.
        if int(length) <= MOST_DRAINED:
            async for _ in request.stream():
                pass
        raise HTTPException(413)


def filled(**values: Any) -> Form:
    """A form that shows what is there now."""
    return Form(dict(values))


def day_values(name: str, day: str | None) -> dict[str, str]:
    """A day of the API's as its three fields hold it."""
    parts = (day or "--").split("-")
    return {f"{name}-{part}": value.lstrip("0") for part, value in zip(reversed(PARTS), parts, strict=True)}


def problem_of_row(problem: Problem) -> list[Json]:
    """The first row's messages, where one figure was sent."""
    rows = problem.body.get("rows") or []
    return [error for row in rows for error in row.get("errors", [])]
