"""What people do, with JavaScript and without it; the same test both ways."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.bradford import ADMINISTRATOR, ANALYST, OFFICER, READER
from tests.browser.live import Live
from tests.build import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture(params=["page", "page_without_javascript"], ids=["javascript", "plain"])
def visitor(request: pytest.FixtureRequest) -> Page:
    page: Page = request.getfixturevalue(request.param)
    return page


def sign_in(page: Page, site: Live, email: str, home: str = "Plan on a page") -> None:
    page.goto(site.url)
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(home)


def test_looking_at_the_plan_as_it_was(visitor: Page, site: Live) -> None:
    sign_in(visitor, site, OFFICER)
    visitor.get_by_label("Period").select_option("2017-18-Q1")
    visitor.get_by_label("As known at the end of").fill("2017-10-20")
    visitor.get_by_role("button", name="Show").click()
    expect(visitor.get_by_text("as it was known at the end of 20 October 2017")).to_be_visible()
    expect(visitor).to_have_url(re.compile("as_known_at=2017-10-20"))
    expect(visitor).to_have_title(re.compile("^Plan on a page – "))
    visitor.go_back()
    expect(visitor.get_by_text("as known today, 20 December 2017")).to_be_visible()


def test_a_file_goes_from_preview_to_receipt(visitor: Page, site: Live, tmp_path: Path) -> None:
    file = tmp_path / "october.csv"
    file.write_text("indicator,period,value\nasb-incidents,2016-10,1310\n")
    sign_in(visitor, site, ANALYST, "What you owe")
    visitor.get_by_role("link", name="Send figures").click()
    visitor.get_by_role("button", name="Upload a file").click()
    visitor.get_by_label("Spreadsheet or CSV file").set_input_files(file)
    visitor.get_by_role("button", name="Preview").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Check before you send")
    visitor.get_by_role("button", name="Send these figures").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Receipt")
    expect(visitor).to_have_url(re.compile("/receipts/"))


def test_a_return_is_filled_in_kept_and_sent(visitor: Page, site: Live) -> None:
    sign_in(visitor, site, ANALYST, "What you owe")
    visitor.get_by_role("button", name="Fill in the form for Q2 2017/18").click()
    crime = visitor.get_by_role("group", name="Total recorded crime, Q2 2017/18")
    another = str(int(crime.get_by_label("Figure", exact=True).input_value()) + 1)
    crime.get_by_label("Figure", exact=True).fill("about 15,000")
    visitor.get_by_role("button", name="Save and finish later").first.click()
    expect(visitor.get_by_text("Nothing has been sent yet")).to_be_visible()
    visitor.get_by_role("button", name="Fill in the form").click()
    expect(crime.get_by_label("Figure", exact=True)).to_have_value("about 15,000")
    visitor.get_by_role("button", name="Check what I entered").first.click()
    visitor.get_by_role("alert").get_by_role("link", name="Expected a whole number").click()
    expect(crime.get_by_label("Figure", exact=True)).to_be_focused()
    crime.get_by_label("Figure", exact=True).fill(another)
    visitor.get_by_role("button", name="Check what I entered").first.click()
    expect(crime.get_by_label("Why is it changing?")).to_be_visible()
    crime.get_by_label("Why is it changing?").fill("Recounted")
    visitor.get_by_role("button", name="Check what I entered").first.click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Check before you send")
    visitor.get_by_role("button", name="Send these figures").click()
    expect(visitor.get_by_text("Your figures have been received")).to_be_visible()


def test_a_return_is_queried_and_the_agency_sees_it_first(visitor: Page, site: Live) -> None:
    sign_in(visitor, site, OFFICER)
    visitor.get_by_role("link", name="Returns", exact=True).click()
    visitor.get_by_role("link", name="West Yorkshire Police, Q1 2017/18").click()
    visitor.get_by_role("link", name="Query it", exact=True).click()
    visitor.get_by_label("Total recorded crime").check()
    visitor.get_by_role("button", name="Send the query").click()
    expect(visitor.get_by_role("alert")).to_contain_text("Say what you want to ask")
    expect(visitor.get_by_label("Total recorded crime")).to_be_checked()
    visitor.get_by_label("What do you want to ask?").fill("Does it hold the late reports?")
    visitor.get_by_role("button", name="Send the query").click()
    expect(visitor.get_by_text("Your query is sent")).to_be_visible()
    visitor.get_by_role("button", name="Sign out").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Sign in")
    sign_in(visitor, site, ANALYST, "What you owe")
    visitor.get_by_role("button", name="Answer about Q1 2017/18").click()
    visitor.get_by_label("Answer the query").fill("It does.")
    visitor.get_by_role("button", name="Send the answer").click()
    expect(visitor.get_by_text("Your answer is sent")).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_quarter_is_cut_off_closed_read_corrected_and_opened_again(visitor: Page, site: Live) -> None:
    """Each step asks first; what a message asks for has its field; the Board reads what was frozen for it."""
    heading = visitor.get_by_role("heading", level=1)
    sign_in(visitor, site, ADMINISTRATOR)
    visitor.goto(f"{site.url}/quarters/2017-18-Q2")
    visitor.get_by_role("button", name="Cut off", exact=True).click()
    expect(heading).to_have_text("Cut off Q2 2017/18?")
    visitor.get_by_role("link", name="Not now").click()
    expect(heading).to_have_text("Q2 2017/18 (July to September 2017)")
    visitor.get_by_role("button", name="Cut off", exact=True).click()
    visitor.get_by_role("button", name="Cut off Q2 2017/18 now").click()
    expect(visitor.get_by_text("The quarter is cut off.")).to_be_visible()
    visitor.get_by_role("button", name="Close the quarter").click()
    expect(heading).to_have_text("Close Q2 2017/18?")
    visitor.get_by_role("button", name="Close Q2 2017/18").click()
    expect(visitor.get_by_text("The quarter is closed.")).to_be_visible()
    sign_out(visitor)

    sign_in(visitor, site, READER)
    visitor.get_by_role("link", name="What was frozen for the Board").click()
    expect(heading).to_have_text("Frozen at the cut-off")
    sign_out(visitor)

    sign_in(visitor, site, ANALYST, "What you owe")
    visitor.goto(f"{site.url}/returns/2017-18-Q2~west-yorkshire-police/form")
    hate = visitor.get_by_role("group", name="Reported hate crime, Q2 2017/18")
    figure = hate.get_by_label("Figure", exact=True)
    figure.fill(str(int(figure.input_value()) + 1))
    visitor.get_by_role("button", name="Check what I entered").first.click()
    expect(visitor.get_by_role("alert")).to_contain_text("why it")
    expect(visitor.get_by_role("alert")).not_to_contain_text("“reason”")
    expect(visitor.get_by_role("alert")).not_to_contain_text("correction=true")
    hate.get_by_label("Why is it changing?").fill("Counted again")
    visitor.get_by_role("button", name="Check what I entered").first.click()
    expect(visitor.get_by_text("sent as a correction")).to_be_visible()
    visitor.get_by_role("button", name=re.compile("^Send")).click()
    expect(visitor.get_by_text("Your figures have been received")).to_be_visible()
    sign_out(visitor)

    sign_in(visitor, site, ADMINISTRATOR)
    visitor.goto(f"{site.url}/quarters/2017-18-Q2")
    visitor.get_by_label("Why is it opened again?").fill("The Board asked")
    visitor.get_by_role("button", name="Open the quarter again").click()
    expect(visitor.get_by_text("The quarter is open again.")).to_be_visible()


def test_a_file_that_is_no_spreadsheet_is_told_what_it_is(visitor: Page, site: Live, tmp_path: Path) -> None:
    file = tmp_path / "figures.pdf"
    file.write_bytes(b"%PDF-1.7\n")
    sign_in(visitor, site, ANALYST, "What you owe")
    visitor.goto(f"{site.url}/figures/upload")
    visitor.get_by_label("Spreadsheet or CSV file").set_input_files(file)
    visitor.get_by_role("button", name="Preview").click()
    expect(visitor.get_by_role("alert")).to_contain_text(
        "This is a PDF. Send the figures as an Excel workbook"
    )


def test_a_target_is_edited_and_the_reason_asked_for(visitor: Page, site: Live) -> None:
    sign_in(visitor, site, OFFICER)
    visitor.goto(f"{site.url}/indicators/dwelling-fires")
    visitor.get_by_role("link", name="Change target").click()
    visitor.get_by_label("Target, in the plan's words").fill("Fewer than 300")
    visitor.get_by_role("button", name="Check this target").click()
    expect(visitor.get_by_role("alert")).to_contain_text("Say why this is changing")
    expect(visitor.get_by_label("Target, in the plan's words")).to_have_value("Fewer than 300")
    visitor.get_by_label("Why is it changing?").fill("Agreed at the review")
    visitor.get_by_role("button", name="Check this target").click()
    expect(visitor.get_by_text("Understood as: below 300 each year.")).to_be_visible()
    visitor.get_by_role("button", name="Save this target").click()
    expect(visitor.get_by_text("Your change is saved")).to_be_visible()


def test_showing_another_period_keeps_the_page(page: Page, site: Live) -> None:
    """With JavaScript the filter changes the page's content alone, and says while it waits."""
    sign_in(page, site, OFFICER)
    page.evaluate("window.stillHere = true")
    page.get_by_label("Period").select_option("2017-18-Q1")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Q1 2017/18 (April to June 2017), as known today")).to_be_visible()
    assert page.evaluate("window.stillHere")
    expect(page).to_have_url(re.compile("period=2017-18-Q1"))
    expect(page.locator("main")).to_have_count(1)
    expect(page.locator("#show")).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/indicators/asb-incidents"])
def test_what_is_shown_is_told_to_who_cannot_see_it_change(page: Page, site: Live, path: str) -> None:
    """A screen reader speaks up for a status whose words change in place: one put there anew may pass unsaid."""
    sign_in(page, site, OFFICER)
    page.goto(site.url + path)
    status = page.locator("#shown")
    expect(status).to_have_role("status")
    status.evaluate("element => { element.sameAsBefore = true }")
    page.get_by_label("As known at the end of").fill("2017-10-20")
    page.get_by_role("button", name="Show").click()
    expect(status).to_contain_text("as it was known at the end of 20 October 2017")
    assert status.evaluate("element => element.sameAsBefore")
