"""Forms: their fields as sent, and what the API said of each."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from app.ui import visit
from app.ui.client import Json, Problem

REFUSED = "The service refused this. Check what you entered and try again."


@dataclass
class Form:
    """What was typed, and the messages to show beside it. A form not yet sent holds what is there now."""

    values: dict[str, Any] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    overall: list[str] = field(default_factory=list)
    once: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    """Sent with the form, so that pressing its button twice does the thing once."""

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name, "")

    def text(self, name: str) -> str | None:
        """What was typed, trimmed; nothing for blank."""
        return str(self.values.get(name, "")).strip() or None

    def several(self, name: str) -> list[str]:
        value = self.values.get(name, [])
        return value if isinstance(value, list) else [value]

    def number(self, name: str) -> int | float | str | None:
        """The number typed, pound signs, per cent signs and thousands' commas aside.

        Text that is no number goes on as it is, for the API to say so.
        """
        text = self.text(name)
        if text is None:
            return None
        bare = re.sub(r"(?<=\d),(?=\d{3})|[£%\s]", "", text)
        if re.fullmatch(r"[-+]?\d{1,15}", bare):
            return int(bare)
        return float(bare) if re.fullmatch(r"[-+]?\d{1,15}\.\d{1,15}", bare) else text

    def blame(self, name: str, message: str) -> None:
        self.messages.setdefault(name, message)

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


async def posted(request: Request, most: int = 256 * 1024, lists: tuple[str, ...] = ()) -> Form:
    """The form as posted, once its token is known to be ours.

    `lists` names fields that may have several values; a file is its bytes. Raises FormExpired.
    """
    values: dict[str, Any] = {}
    async with request.form(max_files=1, max_fields=100, max_part_size=most) as fields:
        visit.check_form(request, fields)
        for name in fields:
            value = fields[name]
            if isinstance(value, UploadFile):
                values[name] = await value.read()
            else:
                values[name] = fields.getlist(name) if name in lists else value
    once = values.pop("once", None)
    for name in lists:
        values.setdefault(name, [])
    return Form(values, once=str(once)) if once else Form(values)


def filled(**values: Any) -> Form:
    """A form that shows what is there now."""
    return Form(dict(values))


def problem_of_row(problem: Problem) -> list[Json]:
    """The first row's messages, where one figure was sent."""
    rows = problem.body.get("rows") or []
    return [error for row in rows for error in row.get("errors", [])]
