"""Forms that made a secret: it is shown once, and sending the form again must not make another.

The API keeps no answer with a secret in it, so a repeat would make a new one, and the old would live on. The
browser that was shown the secret keeps the marks of the forms instead, each with the id of what it made.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.ui.kit import cookies
from app.ui.kit.forms import Form
from app.ui.kit.render import page

KEPT = 10
"""How many forms are remembered; the oldest is forgotten first."""


def made_by(request: Request, form: Form) -> str | None:
    """The id of what this very form has made already."""
    return dict(each.partition("-")[::2] for each in _marks(request)).get(_mark(form))


def show(request: Request, form: Form, made: str, template: str, context: Mapping[str, Any]) -> Response:
    """The page with the secret of `made`, the id of what the form has made."""
    response = page(request, template, context, shows_secret=True)
    marks = [*_marks(request), f"{_mark(form)}-{made}"][-KEPT:]
    cookies.keep(request, response, cookies.SHOWN, ".".join(marks))
    return response


def already(request: Request, what: str, where: str) -> Response:
    """Instead of making another: `what` was made, and is to be found at the address `where`."""
    return page(request, "access/shown-already.html", {"what": what, "where": where}, status=409)


def _marks(request: Request) -> list[str]:
    held = cookies.read(request, cookies.SHOWN)
    return held.split(".") if held else []


def _mark(form: Form) -> str:
    # A hash is safe in a cookie, whatever came in the field.
    return hashlib.sha256(form.once.encode(errors="replace")).hexdigest()[:16]
