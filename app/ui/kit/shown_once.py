"""Shows the secret that a form made once, and keeps the form from making another.

The API stores no response with a secret in it, so a repeated form would make a second one, and the first would stay
valid. So a cookie of the browser holds a mark of each such form, with the id of the key or person it was for.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.ui.kit import cookies
from app.ui.kit.forms import Form
from app.ui.kit.render import page

MOST_MARKS = 10
"""Forms in the cookie; the oldest is dropped first."""


def earlier_id(request: Request, form: Form) -> str | None:
    """Id of the key or person whose secret this form has made already; None for a new form."""
    return dict(each.partition("-")[::2] for each in _marks(request)).get(_mark(form))


def show_secret(
    request: Request, form: Form, new_id: str, template: str, context: Mapping[str, Any]
) -> Response:
    """The page with the secret, which marks the form as used; `new_id` is the id of its key or person."""
    response = page(request, template, context, shows_secret=True)
    marks = [*_marks(request), f"{_mark(form)}-{new_id}"][-MOST_MARKS:]
    cookies.keep(request, response, cookies.SHOWN_FORMS, ".".join(marks))
    return response


def show_repeat(request: Request, what: str, where: str) -> Response:
    """The page for a repeated form: says that `what` was made already, and links to it at `where`."""
    return page(request, "access/shown-already.html", {"what": what, "where": where}, status=409)


def _marks(request: Request) -> list[str]:
    marks = cookies.read(request, cookies.SHOWN_FORMS)
    return marks.split(".") if marks else []


def _mark(form: Form) -> str:
    # A hash is safe in a cookie, whatever came in the field.
    return hashlib.sha256(form.once.encode(errors="replace")).hexdigest()[:16]
