"""The cookies: a session's, a visitor's before sign-in, a one-time link's, a known device's, the partnership shown,
and secrets shown."""

from starlette.requests import Request
from starlette.responses import Response

from app.config import Settings

SESSION = "saferplan"
VISITOR = "saferplan-visitor"
"""Random, for the forms of people who have not signed in."""
LINK = "saferplan-link"
"""The token of a one-time link, kept out of the address bar."""
DEVICE = "saferplan-device"
"""The mark by which the API knows this browser at the next sign-in, as nobody who only guesses."""
DEVICE_SECONDS = 90 * 24 * 3600
PARTNERSHIP = "saferplan-partnership"
SHOWN = "saferplan-shown"
"""Which forms have made a key or a link that was shown; neither of the two themselves."""


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _name(request: Request, cookie: str) -> str:
    # Browsers refuse the prefix without Secure, and Secure over plain HTTP.
    return f"__Host-{cookie}" if _settings(request).secure_cookies else cookie


def read(request: Request, cookie: str) -> str | None:
    """The cookie's value; nothing for an empty one."""
    return request.cookies.get(_name(request, cookie)) or None


def keep(request: Request, response: Response, cookie: str, value: str, seconds: int | None = None) -> None:
    """Without `seconds` it lasts until the browser closes."""
    response.set_cookie(
        _name(request, cookie),
        value,
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
