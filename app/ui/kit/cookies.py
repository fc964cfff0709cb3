"""The cookies that the pages set, and reading, setting and deleting them."""

from starlette.requests import Request
from starlette.responses import Response

from app.config import Settings

SESSION = "saferplan"
VISITOR = "saferplan-visitor"
"""Random; makes the form tokens of visitors who have not signed in."""
LINK = "saferplan-link"
"""The token of a one-time link, kept out of the address bar."""
DEVICE = "saferplan-device"
"""Token that the API gave this browser at a sign-in: guesses from elsewhere do not delay its next."""
DEVICE_SECONDS = 90 * 24 * 3600
PARTNERSHIP = "saferplan-partnership"
SHOWN_FORMS = "saferplan-shown"
"""Marks of forms that made a key or a link, with its id; never the secret itself."""


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _name(request: Request, cookie: str) -> str:
    # Browsers refuse the prefix without Secure, and Secure over plain HTTP.
    return f"__Host-{cookie}" if _settings(request).secure_cookies else cookie


def read(request: Request, cookie: str) -> str | None:
    """The cookie's value; None for an empty one."""
    return request.cookies.get(_name(request, cookie)) or None


def keep(
    request: Request, response: Response, cookie: str, cookie_value: str, seconds: int | None = None
) -> None:
    """Sets a cookie; without `seconds` it lasts until the browser closes."""
    response.set_cookie(
        _name(request, cookie),
        cookie_value,
        max_age=seconds,
        path="/",
        secure=_settings(request).secure_cookies,
        httponly=True,
        samesite="lax",
    )


def drop(request: Request, response: Response, cookie: str) -> None:
    response.delete_cookie(
        _name(request, cookie),
        path="/",
        secure=_settings(request).secure_cookies,
        httponly=True,
        samesite="lax",
    )
