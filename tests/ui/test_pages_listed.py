"""Every page is among those that a browser looks at."""

from starlette.routing import Match

from app.ui.pages import MODULES
from tests.browser.pages import PAGES, SIGNED_OUT

NOT_LISTED = {
    *SIGNED_OUT,
    "/password/{token}",
    "/files/{sha256}",
    "/returns/{id}/template.xlsx",
    "/figures/upload/{id}/progress",
}
"""Looked at when signed out, or no pages: files, and a part of a page."""


def test_every_page_is_listed() -> None:
    missing = [
        route.path
        for module in MODULES
        for route in module.routes
        if "GET" in (route.methods or ()) and route.path not in NOT_LISTED
        if not any(
            route.matches({"type": "http", "path": path.partition("?")[0], "method": "GET"})[0] is Match.FULL
            for path in PAGES
        )
    ]
    assert missing == []
