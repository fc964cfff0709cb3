"""What goes in, from the form to the Board: the journeys of the returns, with JavaScript and without it.

One service serves them all. Each way of walking has an agency of its own, so that neither meets the other's figures.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from app.commands.change import Change
from app.db import Database
from app.document.load.load import load
from app.document.read import parse_document
from tests.browser.conftest import WAIT
from tests.browser.live import Live, on_the_day
from tests.browser.two_teams import AUDITOR, BOARD, DOCUMENT, PLACES, STAFF, add_people, analyst
from tests.build import BUILDER, PASSWORD, TODAY

pytestmark = pytest.mark.browser

Visit = Callable[[str], Page]


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The service with two agencies that owe figures of a closed quarter and of an open one."""
    directory = tmp_path_factory.mktemp("journeys")
    shutil.copyfile(sqlite_template, directory / "saferplan.db")
    database = Database(f"sqlite:///{directory / 'saferplan.db'}")
    with database.write() as session:
        now = datetime(2017, 12, 1, 9, tzinfo=UTC)
        load(Change(session, BUILDER, None, TODAY, now), parse_document(DOCUMENT), partnerships_allowed=None)
        add_people(session)
    database.close()
    with on_the_day(directory) as live:
        headers = {"Authorization": f"Bearer {token_of(live, STAFF)}"}
        for step in ("cut-off", "close"):
            address = f"{live.url}/api/v1/reporting-periods/2017-18-Q1/{step}"
            httpx.post(address, json={}, headers=headers, timeout=60).raise_for_status()
        for place in PLACES.values():
            row = {"indicator": f"{place}-repeats", "period": "2017-18-Q2", "value": 119}
            noted = {**row, "status": "final", "note": "Two officers were away", "reason": "A note"}
            address = f"{live.url}/api/v1/figures"
            httpx.post(address, json={"figures": [noted]}, headers=headers, timeout=60).raise_for_status()
        yield live


def token_of(live: Live, email: str) -> str:
    credentials = {"email": email, "password": PASSWORD}
    answer = httpx.post(f"{live.url}/api/v1/sessions", json=credentials, timeout=60).raise_for_status()
    return str(answer.json()["token"])


@pytest.fixture(scope="module", params=PLACES, ids=list(PLACES))
def place(request: pytest.FixtureRequest) -> str:
    """The place whose agency this way of walking speaks for."""
    return PLACES[request.param]


@pytest.fixture(scope="module")
def visit(browser: Browser, town: Live, place: str) -> Iterator[Visit]:
    """Gives the page of a person, who is signed in and keeps it."""
    contexts: dict[str, BrowserContext] = {}

    def of(email: str) -> Page:
        if email not in contexts:
            context = browser.new_context(
                java_script_enabled=place == PLACES["javascript"], base_url=town.url
            )
            context.set_default_timeout(WAIT)
            context.add_cookies([{"name": "saferplan", "value": token_of(town, email), "url": town.url}])
            contexts[email] = context
            context.new_page()
        return contexts[email].pages[0]

    try:
        yield of
    finally:
        for context in contexts.values():
            context.close()


def entry(page: Page, place: str, title: str, quarter: str) -> Locator:
    return page.get_by_role("group", name=f"{title} in the {place}, {quarter}")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def test_an_overdue_figure_of_a_closed_quarter_is_no_dead_end(visit: Visit, place: str) -> None:
    page = visit(analyst(place))
    page.goto("/returns")
    page.get_by_role("link", name="Q1 2017/18").first.click()
    press(page, "Fill in the form")
    fires = entry(page, place, "Fires", "Q1 2017/18")
    fires.get_by_label("Figure", exact=True).fill("120")
    press(page, "Check what I entered")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("why")
    for column in ("“reason”", "correction=true"):
        expect(alert).not_to_contain_text(column)
    fires.get_by_label("Why is it changing?").fill("Came in late")
    press(page, "Check what I entered")
    expect(page.get_by_text("this is sent as a correction")).to_be_visible()
    page.get_by_role("button", name="send").click()
    expect(page.get_by_text("Your figures have been received")).to_be_visible()


def test_a_target_set_in_the_pages_outlives_an_import(
    visit: Visit, place: str, town: Live, tmp_path: Path
) -> None:
    page = visit(STAFF)
    page.goto(f"/indicators/{place}-fires/target")
    page.get_by_label("Target, in the plan's words").fill("Fewer than 300")
    page.get_by_label("Why is it changing?").fill("Agreed at the review")
    press(page, "Check this target")
    expect(page.get_by_text("Understood as: below 300 each year.")).to_be_visible()
    file = tmp_path / "plan.yaml"
    town.run("export", "-o", str(file))
    press(page, "Save this target")
    expect(page.get_by_text("Your change is saved")).to_be_visible()
    before = file.read_text(encoding="utf-8")
    old, new = ("version: 1", "version: 2") if "version: 1" in before else ("version: 2", "version: 3")
    file.write_text(before.replace(old, new), encoding="utf-8")
    report = town.run("import", str(file))
    assert "left" in report, report
    page.goto(f"/indicators/{place}-fires")
    expect(page.get_by_role("main")).to_contain_text("Fewer than 300")
    expect(page.get_by_role("main")).to_contain_text("Partnership manager")


def test_a_query_stays_beside_what_is_overdue_until_it_is_ended(visit: Visit, place: str) -> None:
    staff, agency, address = visit(STAFF), visit(analyst(place)), f"/returns/2017-18-Q2~{place}"
    staff.goto(f"{address}/query")
    staff.get_by_label(f"Hate crime in the {place}").check()
    staff.get_by_label("What do you want to ask?").fill("Are the late reports in?")
    press(staff, "Send the query")
    staff.goto("/returns")
    board = staff.get_by_role("row", name=f"{place.capitalize()} Safety Team")
    expect(board).to_contain_text("Queried")
    expect(board).to_contain_text("Overdue")

    agency.goto(f"{address}/form")
    send(agency, entry(agency, place, "Repeat victims", "Q2 2017/18"), "124", "Recounted")
    expect(agency.locator(".govuk-summary-list__row").first).to_contain_text("30 October 2017")
    expect(agency.get_by_text("Are the late reports in?")).to_be_visible()
    agency.get_by_label("Answer the query").fill("They are.")
    press(agency, "Send the answer")
    expect(agency.get_by_text("Your answer is sent")).to_be_visible()

    staff.goto(address)
    expect(staff.get_by_text("Answered").first).to_be_visible()
    expect(staff.get_by_text("Overdue").first).to_be_visible()
    press(staff, "End the query")
    expect(staff.get_by_text("The query is ended.")).to_be_visible()

    agency.goto(f"{address}/form")
    send(agency, entry(agency, place, "Fires", "Q2 2017/18"), "117", "")
    staff.goto(address)
    press(staff, "Mark as checked")
    expect(staff.get_by_text("The return is checked.")).to_be_visible()
    agency.goto(f"{address}/form")
    send(agency, entry(agency, place, "Hate crime", "Q2 2017/18"), "122", "Late reports")
    staff.goto(address)
    expect(staff.get_by_text("1 of 3 figures; the rest is checked")).to_be_visible()
    expect(staff.get_by_text("2 checked")).to_be_visible()
    expect(staff.locator(".govuk-summary-list__row").first).to_contain_text("30 October 2017")


def send(page: Page, fields: Locator, figure: str, reason: str) -> None:
    fields.get_by_label("Figure", exact=True).fill(figure)
    if reason:
        fields.get_by_text("Note, or why it changes").click()
        fields.get_by_label("Why is it changing?").fill(reason)
    press(page, "Check what I entered")
    page.locator("button[value=send]").click()
    expect(page.get_by_text("Your figures have been received")).to_be_visible()


def test_a_slip_is_asked_about_although_the_earlier_figure_has_a_note(visit: Visit, place: str) -> None:
    page = visit(analyst(place))
    page.goto(f"/returns/2017-18-Q2~{place}/form")
    repeats = entry(page, place, "Repeat victims", "Q2 2017/18")
    repeats.get_by_label("Figure", exact=True).fill("1190")
    repeats.get_by_text("Note, or why it changes").click()
    repeats.get_by_label("Why is it changing?").fill("Recounted")
    press(page, "Check what I entered")
    expect(page.get_by_text("1 figure looks unusual. If it is right, say why in its note")).to_be_visible()
    expect(
        page.get_by_text("Has a decimal point or a nought slipped? If it is right, say why")
    ).to_be_visible()
    press(page, "Change something")
    expect(repeats.get_by_label("Figure", exact=True)).to_have_value("1190")
    hate = entry(page, place, "Hate crime", "Q2 2017/18")
    hate.get_by_label("Figure", exact=True).fill("12o")
    typed = page.get_by_label("Figure", exact=True).evaluate_all("all => all.filter(e => e.value).length")
    press(page, "Check what I entered")
    expect(page.get_by_text(f"{typed - 1} of 3 figures entered")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("If 120 is meant, write that.")


def test_a_file_of_a_closed_quarter_is_asked_for_its_reason(visit: Visit, place: str, tmp_path: Path) -> None:
    page, file = visit(analyst(place)), tmp_path / "corrections.csv"
    rows = (f"{place}-hate,2017-18-Q1,125,final", f"{place}-repeats,2017-18-Q1,121,final")
    file.write_text("\n".join(("indicator,period,value,status", *rows)), encoding="utf-8")
    page.goto("/figures/upload")
    page.get_by_label("Spreadsheet or CSV file").set_input_files(file)
    press(page, "Preview")
    expect(page.get_by_text("These figures are of a closed quarter. Nothing is stored yet.")).to_be_visible()
    expect(page.get_by_text("Something has changed")).to_have_count(0)
    page.get_by_label("Why are they corrected?").fill("Late reports")
    press(page, "Send them as corrections")
    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt")
    expect(page.get_by_role("row", name="Repeat victims")).to_contain_text("No change")
    expect(page.get_by_text("Figure since revised")).to_have_count(0)
    page.get_by_role("link", name="Receipts").first.click()
    page.get_by_role("main").get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt")


def test_everybody_may_follow_where_their_pages_lead(visit: Visit, place: str) -> None:
    heading = visit(BOARD).get_by_role("heading", level=1)
    visit(BOARD).goto("/")
    visit(BOARD).get_by_role("link", name="What was frozen for the Board").click()
    expect(heading).to_have_text("Frozen at the cut-off")

    page = visit(AUDITOR)
    page.goto("/returns")
    page.get_by_role("link", name=f"{place.capitalize()} Safety Team, Q1 2017/18").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Return for Q1 2017/18 (April to June 2017)")
    page.goto("/record")
    expect(page.get_by_role("heading", level=1)).to_have_text("Record of changes")

    page = visit(STAFF)
    page.goto("/messages")
    expect(page.get_by_role("link", name="Returns", exact=True)).to_have_attribute("aria-current", "true")
    page.goto("/?as_known_at=2017-12-21")
    expect(page.get_by_role("alert")).to_contain_text("choose a day up to today, 20 December 2017")
