"""A form sent after its sign-in had ended: the sign-in page carries it as a hidden field until somebody signs in.

The server stores nothing of it.
"""

import json
import re
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.ui.kit import csrf
from app.ui.kit.forms import FORM_BYTES
from app.ui.kit.visit import FormExpired, check_form, safe_next

FIELD = "unsent"
LONGEST = FORM_BYTES // 4
"""Bytes of a form that is carried along: as JSON inside another form it may grow to three times its size."""
MOST_FIELDS = 20_000
HIDDEN_FIELDS = {"once", "version", "mode", "correction"}
"""Fields that nobody types into."""


@dataclass(frozen=True)
class Unsent:
    """A form's fields and the address they were sent to."""

    to: str
    fields: list[tuple[str, str]]

    def to_json(self) -> str:
        return json.dumps({"to": self.to, "fields": self.fields}, ensure_ascii=False)

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Label and text of each field that somebody filled in."""
        return [
            (_field_label(name), text)
            for name, text in self.fields
            if text.strip() and name not in HIDDEN_FIELDS
        ]


def _field_label(name: str) -> str:
    return re.sub(r"[_:.]+", " ", name).strip().capitalize() if name != "do" else "To do"


async def read_unsent(request: Request) -> Unsent | None:
    """Reads the form of a request without a sign-in.

    None where its token is not valid, it has a file or a password in it, or it is too long to be carried along.
    """
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > LONGEST:
        return None
    try:
        async with request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LONGEST) as form:
            check_form(request, form)
            pairs = [(name, entry) for name, entry in form.multi_items() if name != csrf.FIELD]
    except (HTTPException, FormExpired):
        return None
    if any("password" in name or not isinstance(entry, str) for name, entry in pairs):
        return None
    return Unsent(request.url.path, [(name, str(entry)) for name, entry in pairs])


def parse_unsent(text: str | None) -> Unsent | None:
    """Parses the hidden field of the sign-in page; None where it is not JSON of this form."""
    try:
        document = json.loads(text or "")
        unsent = Unsent(
            safe_next(str(document["to"])), [(str(name), str(entry)) for name, entry in document["fields"]]
        )
        unsent.to_json().encode()  # a lone surrogate would otherwise fail only when the page is written
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return unsent
