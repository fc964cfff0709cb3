"""A meeting entered from the group's page to its decision, with JavaScript and without it."""

import pytest
from playwright.sync_api import Page, expect

from tests.bradford import OFFICER
from tests.browser.live import Live
from tests.browser.test_journeys import sign_in

pytestmark = pytest.mark.browser
DAYS = {"page": "3", "page_without_javascript": "4"}


@pytest.mark.parametrize("kind", DAYS, ids=["javascript", "plain"])
def test_a_meeting_is_entered_and_its_decision_leads_back(
    kind: str, request: pytest.FixtureRequest, site: Live
) -> None:
    visitor: Page = request.getfixturevalue(kind)
    sign_in(visitor, site, OFFICER)
    visitor.get_by_role("link", name="Groups", exact=True).first.click()
    visitor.get_by_role("link", name="Safer and Stronger Communities Partnership Board").click()
    visitor.get_by_role("link", name="Add a meeting").click()
    for part, number in (("Day", DAYS[kind]), ("Month", "5"), ("Year", "2017")):
        visitor.get_by_label(part, exact=True).fill(number)
    visitor.get_by_label("Items of business").fill("Performance")
    visitor.get_by_role("button", name="Save").click()
    visitor.get_by_role("link", name="Record who came").click()
    visitor.get_by_role("button", name="Record all the others as present").click()
    visitor.get_by_role("button", name="It was held").click()
    expect(visitor.get_by_text("the quorum is 4.")).to_be_visible()
    visitor.get_by_role("link", name="Enter a decision").click()
    visitor.get_by_label("What was decided").fill("The figures stand")
    visitor.get_by_role("button", name="Save").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Decision")
    visitor.get_by_role("link", name="The meeting:").click()
    expect(visitor.get_by_role("link", name="The figures stand")).to_be_visible()
