"""What was sent after a sign-in had ended: it waits on the sign-in page, and is sent once somebody has signed in.

It never leaves the browser it was typed in: the sign-in page holds it as a hidden field, and gives it back.
"""

import json
import re
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.ui.kit import csrf
from app.ui.kit.forms import MOST
from app.ui.kit.visit import FormExpired, check_form, safe_next

FIELD = "unsent"
LONGEST = MOST // 4
"""Bytes of a form that is kept: written as JSON inside a form it may grow to three times its size."""
MOST_FIELDS = 20_000
UNSEEN = {"once", "version", "mode", "correction"}
"""Fields that nobody types into."""


@dataclass(frozen=True)
class Unsent:
    """A form's fields, and where they were going."""

    to: str
    fields: list[tuple[str, str]]

    def as_text(self) -> str:
        return json.dumps({"to": self.to, "fields": self.fields}, ensure_ascii=False)

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What somebody can tell it by: each field that says something, and what was entered there."""
        return [(_words(name), value) for name, value in self.fields if value.strip() and name not in UNSEEN]


def _words(name: str) -> str:
    return re.sub(r"[_:.]+", " ", name).strip().capitalize() if name != "do" else "To do"


async def caught(request: Request) -> Unsent | None:
    """The form of a request that nobody signed in sent.

    Nothing where it was not ours, was sent with a file or a password, or is too long to be carried along.
    """
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > LONGEST:
        return None
    try:
        async with request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LONGEST) as sent:
            check_form(request, sent)
            fields = [(name, value) for name, value in sent.multi_items() if name != csrf.FIELD]
    except (HTTPException, FormExpired):
        return None
    if any("password" in name or not isinstance(value, str) for name, value in fields):
        return None
    return Unsent(request.url.path, [(name, str(value)) for name, value in fields])


def given_back(text: str | None) -> Unsent | None:
    """What the sign-in page held, if it is what was put there."""
    try:
        read = json.loads(text or "")
        made = Unsent(safe_next(str(read["to"])), [(str(name), str(value)) for name, value in read["fields"]])
        made.as_text().encode()  # or a lone surrogate would be found out only by what writes the page
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return made
