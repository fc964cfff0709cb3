"""A visit: one request by one signed-in person, their permissions and their API client."""

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.requests import Request

from app.ui.kit import cookies, csrf
from app.ui.kit.client import Api, Json, Problem


class SignedOut(Exception):
    """The page needs a signed-in person, and nobody is signed in."""


class FormExpired(Exception):
    """The form's token is not valid: the form is stale, or from another site."""


@dataclass(frozen=True)
class Visit:
    """One request by a signed-in person."""

    api: Api
    me: Json
    partnerships: list[Json]
    """All that they belong to; `partnership` is the one the pages show."""
    partnership: Json | None

    def may(self, scope: str) -> bool:
        return scope in self.me["scopes"]

    def require_scope(self, scope: str) -> None:
        """Raises Problem 403 without the scope, so that nobody fills in a form that the API would refuse."""
        if not self.may(scope):
            raise Problem(403, "forbidden", "")

    async def may_read(self, path: str) -> bool:
        """Whether the API shows what is at `path` to this visitor."""
        try:
            await self.api.get(path)
        except Problem as problem:
            if problem.status in (403, 404):
                return False
            raise
        return True

    @property
    def today(self) -> str:
        return str(self.me["today"])


def api(request: Request, token: str | None = None, partnership: str | None = None) -> Api:
    address = request.client.host if request.client is not None else None
    return Api(request.app.state.http, token, partnership, address)


async def require_visit(request: Request) -> Visit:
    """The visit of the person who is signed in.

    Raises SignedOut, for which the site shows the sign-in page and afterwards returns to this page.
    """
    token = cookies.read(request, cookies.SESSION)
    if token is None:
        raise SignedOut
    own_api = api(request, token)
    try:
        me = await own_api.get("/me")
    except Problem as problem:
        if problem.status == 401:
            raise SignedOut from problem
        raise
    partnerships = me["partnerships"]
    partnership = chosen_partnership(request, me)
    code = partnership["code"] if partnership and len(partnerships) > 1 else None
    if code:
        # A role is held in one partnership; asked without it, /me adds them all up.
        me = await own_api.get("/me", partnership=code)
    visit = Visit(api(request, token, code), me, partnerships, partnership)
    request.state.visit = visit
    return visit


def chosen_partnership(request: Request, me: Json) -> Json | None:
    """The person's partnership that was chosen in this browser, else their first."""
    partnerships = me["partnerships"]
    code = cookies.read(request, cookies.PARTNERSHIP)
    return next(
        (each for each in partnerships if each["code"] == code), partnerships[0] if partnerships else None
    )


def sends_for_agency(partnership: Json | None) -> bool:
    """Whether the person sends one agency's figures in the partnership, rather than being its staff."""
    return partnership is not None and partnership["sends_for"] == "agency"


def secret(request: Request) -> str:
    """Secret of this browser: its session's token, else its visitor cookie, which is made if there is none."""
    new_session: str | None = getattr(request.state, "new_session", None)
    token = new_session or cookies.read(request, cookies.SESSION) or cookies.read(request, cookies.VISITOR)
    if token:
        return token
    if not hasattr(request.state, "new_visitor"):
        request.state.new_visitor = secrets.token_urlsafe(32)
    visitor_token: str = request.state.new_visitor
    return visitor_token


def use_session(request: Request, token: str) -> None:
    """Makes the form tokens of this response with the new session's token."""
    request.state.new_session = token


def check_form(request: Request, fields: Any) -> None:
    """Raises FormExpired unless the form has a valid token and was on this site."""
    is_valid_token = csrf.is_valid(secret(request), str(fields.get(csrf.FIELD, "")))
    if not (is_valid_token and csrf.is_from_this_site(request)):
        raise FormExpired


def current_address(request: Request) -> str:
    """Path and query of the request, for a link back to it."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def safe_next(text: str | None) -> str:
    """The address if it is a page of this site, else "/".

    Browsers read `//host` and `/\\host` as another site and drop tabs and newlines, so those are refused.
    """
    if not text or not text.startswith("/") or text[1:2] in ("/", "\\"):
        return "/"
    if any(character < " " or character == "\\" for character in text):
        return "/"
    return quote(text, safe="/?&=%:+,;~-._!()*'$@")
