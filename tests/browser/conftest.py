"""A real browser, from an installed Chromium, and the service for it to visit.

Everything here lives as long as this folder's tests: while a browser is open, its event loop counts as
running in this thread, and coroutine tests from other folders could not run there.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.bradford import fill
from tests.browser.live import Live, on_the_day

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without a sandbox root may run it too; the rest keeps it from calling its maker.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


WAIT = 60_000
"""Milliseconds. Most is there at once; a machine that is busy with something else takes its time."""
expect.set_options(timeout=WAIT)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium; its absence skips the test, unless SAFERPLAN_REQUIRE_BROWSER=1 makes that a failure."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        reason = f"no Chromium is installed (looked for {', '.join(PROGRAMS)})"
        if os.environ.get("SAFERPLAN_REQUIRE_BROWSER") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        try:
            yield chromium
        finally:
            chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a profile of its own: no cookies, no cache."""
    yield from _page(browser, javascript=True)


@pytest.fixture(scope="module")
def shared_page(browser: Browser) -> Iterator[Page]:
    """As `page`, for a file's tests that go somewhere, look at it and change nothing: it begins with scripts unread."""
    yield from _page(browser, javascript=True)


@pytest.fixture
def page_without_javascript(browser: Browser) -> Iterator[Page]:
    """As `page`, with JavaScript switched off."""
    yield from _page(browser, javascript=False)


def _page(browser: Browser, javascript: bool) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=javascript, locale="en-GB", timezone_id="Europe/London")
    context.set_default_timeout(WAIT)
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    try:
        yield page
    finally:
        context.close()


@pytest.fixture(scope="module")
def live(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The service with an empty, migrated database: one for a test file's journeys, which share it."""
    directory = tmp_path_factory.mktemp("live")
    shutil.copyfile(sqlite_template, directory / "saferplan.db")
    live = Live(directory)
    live.start()
    try:
        yield live
    finally:
        live.stop()


@pytest.fixture(scope="package")
def bradford(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demonstration's plan, to copy."""
    path = tmp_path_factory.mktemp("bradford") / "saferplan.db"
    shutil.copyfile(sqlite_template, path)
    fill(path)
    return path


@pytest.fixture(scope="module")
def site(bradford: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The service with the demonstration's plan in it, on the demonstration's day."""
    directory = tmp_path_factory.mktemp("site")
    shutil.copyfile(bradford, directory / "saferplan.db")
    with on_the_day(directory) as live:
        yield live
