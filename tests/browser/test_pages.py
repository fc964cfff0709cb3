"""Every page as a browser shows it: accessible, whole at any width, quiet, and light."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Route, expect

from tests.bradford import ANALYST
from tests.browser.live import Live
from tests.browser.pages import INDICATOR, PAGES, PUBLIC, RETURN, SEEN_BY
from tests.build import PASSWORD

pytestmark = pytest.mark.browser

NARROW, WIDE = 320, 1280
PICKY = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,
}
"""Stylesheets are not fetched anew: the one rule that reads them looks for pages that must be held upright."""
UPLOADS = (
    b"indicator,period,value\nasb-incidents,2017-11,1150\n",
    b"indicator,period,value\nasb-incidents,2017-11,1150\nasb-incidentz,2017-11,n/a\n",
    b"indicator,period,value\n" + b"asb-incidents,2017-11,1150\n" * 15_000,
)
"""Files to look over: a good one, one to mend, and one that waits, as no worker runs here."""
EXPECTED_REFUSALS = ("401 (Unauthorized)", "404 (Not Found)", "422 (Unprocessable")


@pytest.fixture(scope="module")
def token(site: Live) -> str:
    """A session of somebody who sees every page, and who has sent one figure."""
    credentials = {"email": SEEN_BY, "password": PASSWORD}
    session = (
        httpx.post(f"{site.url}/api/v1/sessions", json=credentials, timeout=60).raise_for_status().json()
    )
    figure = {"indicator": "asb-incidents", "period": "2017-10", "value": 1201}
    headers = {"Authorization": f"Bearer {session['token']}"}
    httpx.post(
        f"{site.url}/api/v1/figures", json={"figures": [figure]}, headers=headers, timeout=60
    ).raise_for_status()
    for content in UPLOADS:
        kind = {"Content-Type": "text/csv"}
        sent = httpx.post(
            f"{site.url}/api/v1/uploads", content=content, headers={**headers, **kind}, timeout=60
        )
        sent.raise_for_status()
    steps = (
        ("/reporting-periods/2017-18-Q1/cut-off", {"note": "Papers"}),
        (f"{RETURN}/query", {"text": "Are the late reports in?", "indicators": ["total-crime"]}),
    )
    for address, body in steps:
        httpx.post(f"{site.url}/api/v1{address}", json=body, headers=headers, timeout=60).raise_for_status()
    return str(session["token"])


@pytest.fixture(scope="module")
def agency_token(site: Live, token: str) -> str:
    """A session of somebody who owes figures, and was asked about some."""
    credentials = {"email": ANALYST, "password": PASSWORD}
    session = (
        httpx.post(f"{site.url}/api/v1/sessions", json=credentials, timeout=60).raise_for_status().json()
    )
    return str(session["token"])


@pytest.fixture
def signed_in(page: Page, site: Live, token: str) -> Page:
    _sign_in(page.context, site, token)
    return page


def _sign_in(context: BrowserContext, site: Live, token: str) -> None:
    context.add_cookies([{"name": "saferplan", "value": token, "url": site.url}])


@pytest.fixture(scope="module")
def looking(shared_page: Page, site: Live, token: str) -> Page:
    """Signed in for the many pages that are only looked at: in a fresh profile each would read every script anew."""
    _sign_in(shared_page.context, site, token)
    return shared_page


@pytest.fixture
def complaints(page: Page) -> Iterator[None]:
    """What the browser's console says: a refused script, style or file would be told there."""
    with no_complaints(page):
        yield


@contextmanager
def no_complaints(page: Page) -> Iterator[None]:
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    def note_error(error: Error) -> None:
        said.append(str(error))

    page.on("console", note)
    page.on("pageerror", note_error)
    yield
    page.remove_listener("console", note)
    page.remove_listener("pageerror", note_error)
    assert [text for text in said if not any(known in text for known in EXPECTED_REFUSALS)] == []


def check(page: Page) -> None:
    """Wide and narrow, without fetching it or the checker twice."""
    page.wait_for_load_state()
    page.evaluate(AXE_SCRIPT)
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        report = AxeResults(page.evaluate("options => axe.run(options)", PICKY))
        assert report.violations_count == 0, f"at {width}: {report.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{width} scrolls sideways"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_accessible(looking: Page, site: Live, path: str) -> None:
    with no_complaints(looking):
        looking.set_viewport_size({"width": WIDE, "height": 900})
        looking.goto(site.url + path)
        check(looking)


def test_a_page_that_waits_is_accessible(signed_in: Page, site: Live, complaints: None) -> None:
    # The page asks for itself anew after a while, in the middle of being looked through.
    def stay(route: Route) -> None:
        answer = route.fetch()
        kept = {name: value for name, value in answer.headers.items() if name != "refresh"}
        route.fulfill(response=answer, headers=kept)

    signed_in.route("**/figures/upload/3", stay)
    signed_in.goto(site.url + "/figures/upload/3")
    expect(signed_in.get_by_role("heading", level=1)).to_have_text("Checking your file")
    check(signed_in)


@pytest.mark.parametrize("path", ["/", INDICATOR, "/figures/upload"])
def test_pages_are_accessible_without_our_script(
    signed_in: Page, site: Live, complaints: None, path: str
) -> None:
    # axe is a script itself, so "without JavaScript" is tried by keeping ours from arriving.
    signed_in.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    signed_in.goto(site.url + path)
    check(signed_in)


@pytest.mark.parametrize("path", PUBLIC)
def test_every_public_page_is_accessible(page: Page, site: Live, complaints: None, path: str) -> None:
    page.goto(site.url + path)
    check(page)


def test_a_form_with_messages_is_accessible(signed_in: Page, site: Live, complaints: None) -> None:
    signed_in.goto(f"{site.url}{INDICATOR}/figures/new")
    signed_in.get_by_label("Period", exact=True).fill("2017-18-Q5")
    signed_in.get_by_label("Figure", exact=True).fill("many")
    signed_in.get_by_role("button", name="Send", exact=True).click()
    expect(signed_in.get_by_role("alert")).to_be_visible()
    check(signed_in)
    signed_in.get_by_role("alert").get_by_role("link").first.click()
    expect(signed_in.locator("#period:focus, #value:focus")).to_have_count(1)


def test_what_was_sent_after_the_sign_in_ended_goes_on_accessibly(
    page: Page, site: Live, complaints: None
) -> None:
    credentials = {"email": ANALYST, "password": PASSWORD}
    token = (
        httpx.post(f"{site.url}/api/v1/sessions", json=credentials, timeout=60)
        .raise_for_status()
        .json()["token"]
    )
    _sign_in(page.context, site, token)
    page.goto(f"{site.url}{RETURN}/form")
    crime = page.get_by_role("group", name="Total recorded crime, Q2 2017/18").get_by_label(
        "Figure", exact=True
    )
    crime.fill("about 15,000")
    headers = {"Authorization": f"Bearer {token}"}
    httpx.delete(f"{site.url}/api/v1/sessions/current", headers=headers, timeout=60).raise_for_status()
    page.get_by_role("button", name="Save and finish later").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    check(page)
    page.get_by_label("Email address").fill(ANALYST)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Something is waiting to be sent")
    check(page)
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_text("Nothing has been sent yet")).to_be_visible()
    page.goto(f"{site.url}{RETURN}/form")
    expect(crime).to_have_value("about 15,000")


@pytest.mark.parametrize("path", ["/returns", RETURN, f"{RETURN}/form"])
def test_what_an_agency_sees_is_accessible(
    page: Page, site: Live, agency_token: str, complaints: None, path: str
) -> None:
    _sign_in(page.context, site, agency_token)
    page.goto(site.url + path)
    check(page)


def test_a_return_s_form_with_messages_and_its_summary_are_accessible(
    page: Page, site: Live, agency_token: str, complaints: None
) -> None:
    _sign_in(page.context, site, agency_token)
    page.goto(f"{site.url}{RETURN}/form")
    crime = page.get_by_role("group", name="Total recorded crime, Q2 2017/18")
    crime.get_by_label("Figure", exact=True).fill("many")
    page.get_by_role("button", name="Check what I entered").first.click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)
    crime.get_by_label("Figure", exact=True).fill("157080")
    crime.get_by_text("Note, or why it changes").click()
    crime.get_by_label("Why is it changing?").fill("Recounted")
    page.get_by_role("button", name="Check what I entered").first.click()
    expect(page.get_by_text("looks unusual")).to_be_visible()
    check(page)


def test_a_target_as_it_is_understood_is_accessible(signed_in: Page, site: Live, complaints: None) -> None:
    signed_in.goto(f"{site.url}{INDICATOR}/target")
    words = signed_in.get_by_label("Target, in the plan's words")
    for typed, told in (
        ("As few as we can", "Not understood: will not be judged."),
        ("85 or fewer", "Understood as: at most 85 each year."),
    ):
        words.fill(typed)
        signed_in.get_by_label("Why is it changing?").fill("Agreed by the Board")
        signed_in.get_by_role("button", name="this target").click()
        expect(signed_in.get_by_text(told)).to_be_visible()
        check(signed_in)
    expect(signed_in.get_by_role("button", name="Save this target")).to_be_visible()


def test_the_first_tab_offers_to_skip_to_the_content(signed_in: Page, site: Live) -> None:
    signed_in.goto(site.url)
    signed_in.keyboard.press("Tab")
    expect(signed_in.locator(":focus")).to_have_text("Skip to main content")
    expect(signed_in.locator(":focus")).to_be_visible()


def test_everything_reached_by_tab_shows_that_it_is(signed_in: Page, site: Live) -> None:
    """Each has a look of its own when focused: an outline, a shadow or a background it had not."""
    signed_in.goto(f"{site.url}{INDICATOR}/target")
    look = "(e => {const s = getComputedStyle(e); return s.outline + s.boxShadow + s.backgroundColor})"
    seen = 0
    for _ in range(40):
        signed_in.keyboard.press("Tab")
        focused = signed_in.evaluate(
            f"(() => {{const e = document.activeElement; if (e === document.body) return null;"
            f"const on = {look}(e); e.blur(); const off = {look}(e); e.focus(); return [on, off]}})()"
        )
        if focused is None:
            break
        seen += 1
        assert focused[0] != focused[1], signed_in.locator(":focus").evaluate("e => e.outerHTML")
    assert seen > 10


def test_in_print_the_menus_are_gone_and_the_verdicts_are_words(signed_in: Page, site: Live) -> None:
    signed_in.goto(site.url)
    signed_in.emulate_media(media="print")
    expect(signed_in.get_by_role("navigation").first).to_be_hidden()
    expect(signed_in.locator("form.sp-filters")).to_be_hidden()
    expect(signed_in.get_by_text("Narrowly missed").first).to_be_visible()


def test_on_paper_tables_and_charts_are_as_on_a_wide_page(signed_in: Page, site: Live) -> None:
    # A4 less its margins is narrower than the pages whose tables become cards.
    signed_in.set_viewport_size({"width": 718, "height": 1000})
    signed_in.goto(site.url + INDICATOR)
    signed_in.emulate_media(media="print")
    expect(signed_in.locator(".sp-chart--wide")).to_be_visible()
    expect(signed_in.locator(".sp-chart--narrow")).to_be_hidden()
    expect(signed_in.get_by_role("columnheader", name="Year before")).to_be_visible()
    # Its top half is on the first page of 1,046 pixels, and what cannot be broken leaves no page half empty.
    chart = signed_in.locator(".sp-chart--wide").bounding_box()
    assert chart is not None
    assert chart["y"] + chart["height"] < 1046


def test_at_four_hundred_per_cent_nothing_is_cut_off(signed_in: Page, site: Live) -> None:
    # 1280 wide at 400% is 320 CSS pixels of a screen a quarter as high.
    signed_in.set_viewport_size({"width": 320, "height": 256})
    for path in ("/", INDICATOR):
        signed_in.goto(site.url + path)
        assert signed_in.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_first_visit_is_under_a_hundred_kilobytes(signed_in: Page, site: Live) -> None:
    signed_in.goto(site.url, wait_until="networkidle")
    sizes = signed_in.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".map(e => e.transferSize)"
    )
    assert len(sizes) >= 4
    assert sum(sizes) < 100_000
