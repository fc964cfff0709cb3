"""One request of one visitor: who they are, what they may do, and the API as they see it."""

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.requests import Request

from app.ui.kit import cookies, csrf
from app.ui.kit.client import Api, Json, Problem


class SignedOut(Exception):
    """Nobody is signed in, and the page needs somebody."""


class FormExpired(Exception):
    """A form came without a good token: stale, or from another site."""


@dataclass(frozen=True)
class Visit:
    """A signed-in person's."""

    api: Api
    me: Json
    partnerships: list[Json]
    """All they belong to; `partnership` is the one being looked at."""
    partnership: Json | None

    def may(self, scope: str) -> bool:
        return scope in self.me["scopes"]

    def need(self, scope: str) -> None:
        """Spares people a form whose answer would be refused. Raises Problem; the API decides all the same."""
        if not self.may(scope):
            raise Problem(403, "forbidden", "")

    @property
    def today(self) -> str:
        return str(self.me["today"])


def api(request: Request, token: str | None = None, partnership: str | None = None) -> Api:
    address = request.client.host if request.client is not None else None
    return Api(request.app.state.http, token, partnership, address)


async def signed_in(request: Request) -> Visit:
    """The visit of whoever is signed in.

    Raises SignedOut, which becomes the sign-in page and then comes back here.
    """
    token = cookies.read(request, cookies.SESSION)
    if token is None:
        raise SignedOut
    own = api(request, token)
    try:
        me = await own.get("/me")
    except Problem as problem:
        if problem.status == 401:
            raise SignedOut from problem
        raise
    mine = me["partnerships"]
    partnership = looked_at(request, me)
    narrowed = partnership["code"] if partnership and len(mine) > 1 else None
    if narrowed:
        # A role is held in one partnership; asked without it, /me adds them all up.
        me = await own.get("/me", partnership=narrowed)
    visit = Visit(api(request, token, narrowed), me, mine, partnership)
    request.state.visit = visit
    return visit


def looked_at(request: Request, me: Json) -> Json | None:
    """Of somebody's partnerships the one they chose in this browser, else their first."""
    mine = me["partnerships"]
    chosen = cookies.read(request, cookies.PARTNERSHIP)
    return next((each for each in mine if each["code"] == chosen), mine[0] if mine else None)


def owes(partnership: Json | None) -> bool:
    """Whether somebody sends an agency's figures there, rather than being one of the partnership's staff."""
    return partnership is not None and partnership["sends_for"] == "agency"


def secret(request: Request) -> str:
    """What this browser alone holds: its session's token, else its visitor's cookie, made now if need be."""
    begun: str | None = getattr(request.state, "begun", None)
    held = begun or cookies.read(request, cookies.SESSION) or cookies.read(request, cookies.VISITOR)
    if held:
        return held
    if not hasattr(request.state, "new_visitor"):
        request.state.new_visitor = secrets.token_urlsafe(32)
    made: str = request.state.new_visitor
    return made


def begin(request: Request, token: str) -> None:
    """From this answer on the browser holds this session's token."""
    request.state.begun = token


def check_form(request: Request, fields: Any) -> None:
    """Raises FormExpired unless the form was ours."""
    good = csrf.is_good(secret(request), str(fields.get(csrf.FIELD, "")))
    if not (good and csrf.is_from_this_site(request)):
        raise FormExpired


def here(request: Request) -> str:
    """The page asked for, as a place to come back to."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def safe_next(text: str | None) -> str:
    """A page of this site, whatever was asked for.

    Browsers read `//host` and `/\\host` as another site and drop tabs and newlines, so none of those pass.
    """
    if not text or not text.startswith("/") or text[1:2] in ("/", "\\"):
        return "/"
    if any(character < " " or character == "\\" for character in text):
        return "/"
    return quote(text, safe="/?&=%:+,;~-._!()*'$@")
