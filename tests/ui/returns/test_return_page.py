"""One return: looked at, queried, answered, checked; late with its reason; nothing to report."""

import re
from typing import Any

import pytest

from tests.bradford import ADMINISTRATOR, ANALYST
from tests.build import PASSWORD, Service
from tests.ui.page import Page, text_of
from tests.ui.visitor import Visitor

POLICE = "/returns/2017-18-Q1~west-yorkshire-police"
OWED = "/returns/2017-18-Q2~west-yorkshire-police"


async def told(visitor: Visitor, service: Service, address: str) -> dict[str, Any]:
    found: dict[str, Any] = (await service.get(address, visitor.browser.cookies["saferplan"])).json()
    return found


def message(page: Page, field: str) -> str:
    return text_of(next(e for e in page.all("p") if e.get("id") == f"{field}-error"))


async def test_its_figures_stand_beside_the_period_and_the_year_before(
    officer: Visitor, service: Service
) -> None:
    page = await officer.get(POLICE)
    assert page.heading == "Return for Q1 2017/18 (April to June 2017)"
    for item in (await told(officer, service, POLICE))["items"]:
        row = next(row for row in page.rows() if row.startswith(item["title"]))
        assert all(words in row for words in (item["words"], item["before"], item["year_before"]))
    pictures = [e for e in page.all("svg") if e.get("role") == "img"]
    assert len(pictures) == len(page.rows()) - 1


async def test_a_query_is_asked_answered_and_the_return_checked(visitor: Visitor, service: Service) -> None:
    await visitor.sign_in(ADMINISTRATOR, PASSWORD)
    page = await visitor.get(f"{POLICE}/query")
    page = await visitor.submit(page, f"{POLICE}/query", {"indicators": ["total-crime"]}, status=422)
    assert message(page, "text") == "Error: Say what you want to ask"
    ticked = next(e for e in page.all("input") if e.get("value") == "total-crime")
    assert ticked.get("checked") is not None
    page = await visitor.submit(page, f"{POLICE}/query", {"text": "Why <so> many?"})
    assert "Your query is sent" in page.text
    assert "Why <so> many?" in page.text
    assert "About: Total recorded crime" in page.text
    assert any("Total recorded crime Queried" in row for row in page.rows())

    await visitor.submit(page, "/sign-out")
    page = await visitor.sign_in(ANALYST, PASSWORD)
    headings = [text_of(e) for e in page.all("h2")]
    assert headings.index("Asked about") < headings.index("To send")
    assert "Why <so> many?" in page.text
    page = await visitor.get(POLICE)
    page = await visitor.submit(page, f"{POLICE}/answer", {"answer": ""}, status=422)
    assert message(page, "answer") == "Error: Write an answer"
    page = await visitor.submit(page, f"{POLICE}/answer", {"answer": "Old cases came in."})
    assert "Your answer is sent" in page.text
    page = await visitor.submit(page, f"{POLICE}/sign-off")
    assert "The return is signed off" in page.text

    await visitor.submit(page, "/sign-out")
    await visitor.sign_in(ADMINISTRATOR, PASSWORD)
    page = await visitor.get("/returns")
    first = next(text for text in page.all("a") if text_of(text) == "Work through what is left")
    page = await visitor.get(str(first.get("href")))
    page = await visitor.get(POLICE)
    page = await visitor.submit(page, f"{POLICE}/check", {"note": "Seen"})
    assert "The return is checked" in page.text
    following = next(a for a in page.all("a") if text_of(a).startswith("Go on to "))
    found = await told(visitor, service, str(following.get("href")))
    assert found["state"] == "submitted"
    said = (await told(visitor, service, POLICE))["conversation"]
    assert [each["kind"] for each in said] == ["query", "answer", "signed_off", "checked"]


async def test_an_answer_is_told_until_staff_end_the_query(visitor: Visitor, service: Service) -> None:
    await visitor.sign_in(ADMINISTRATOR, PASSWORD)
    page = await visitor.submit(
        await visitor.get(f"{OWED}/query"), f"{OWED}/query", {"text": "Sure?", "indicators": ["total-crime"]}
    )
    assert "Query Open" in page.text
    assert "Queried Overdue" in page.text, "one does not hide the other"
    assert "overdue" in (await told(visitor, service, OWED))["words"]
    board = await visitor.get("/returns")
    cell = next(row for row in board.rows() if row.startswith("West Yorkshire Police"))
    assert "Queried" in cell
    assert "Overdue" in cell
    await visitor.submit(page, "/sign-out")

    await visitor.sign_in(ANALYST, PASSWORD)
    page = await visitor.submit(await visitor.get(OWED), f"{OWED}/answer", {"answer": "Yes."})
    assert "Query Answered" in page.text
    assert "End the query" not in page.text
    await visitor.submit(page, "/sign-out")

    await visitor.sign_in(ADMINISTRATOR, PASSWORD)
    page = await visitor.get(OWED)
    assert "Overdue Answered" in page.text
    page = await visitor.submit(page, f"{OWED}/end-query", {"end_note": "Thank you"})
    assert "The query is ended" in page.text
    assert "Query Ended" in page.text
    assert "End the query" not in page.text


async def test_the_last_one_checked_leads_nowhere(officer: Visitor, service: Service) -> None:
    for one in await service.items("/returns", officer.browser.cookies["saferplan"], state="submitted"):
        address = f"/returns/{one['id']}"
        page = await officer.submit(await officer.get(address), f"{address}/check")
    assert "Go on to" not in page.text
    assert "Work through what is left" not in (await officer.get("/returns")).text


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"reason": ""}, "reason", "Say why it is late"),
        ({"promised_on-day": ""}, "promised_on", "Enter a real day, month and year"),
        ({"promised_on-month": "13"}, "promised_on", "Enter a real day, month and year"),
        ({"promised_on-year": "2016"}, "promised_on", "Expected a day from today on"),
    ],
)
async def test_why_it_is_late_needs_a_reason_and_a_day_to_come(
    analyst: Visitor, fields: dict[str, str], field: str, said: str
) -> None:
    page = await analyst.get(f"{OWED}/late")
    good = {
        "reason": "New system",
        "promised_on-day": "12",
        "promised_on-month": "1",
        "promised_on-year": "2018",
    }
    page = await analyst.submit(page, f"{OWED}/late", {**good, **fields}, status=422)
    assert said in message(page, field)
    kept = next(e for e in page.all("input") if e.get("name") == "promised_on-day")
    assert kept.get("value", "") == {**good, **fields}["promised_on-day"]


async def test_a_reason_given_stands_on_the_return(analyst: Visitor) -> None:
    fields = {
        "reason": "New system",
        "promised_on-day": "12",
        "promised_on-month": "1",
        "promised_on-year": "2018",
    }
    page = await analyst.submit(await analyst.get(f"{OWED}/late"), f"{OWED}/late", fields)
    assert "Late, reason given promised for 12 January 2018" in page.text
    assert "New system" in page.text


async def test_a_nil_return_says_what_it_sends_and_sends_that(officer: Visitor, service: Service) -> None:
    council = "/returns/2017-18-Q2~bradford-council"
    missing = [e for e in (await told(officer, service, council))["items"] if e["received_at"] is None]
    page = await officer.get(f"{council}/nil")
    assert len(page.rows()) == 1 + len(missing)
    for item in missing:
        row = next(row for row in page.rows() if row.startswith(item["title"]))
        assert row.endswith("0" if item["nil"] == 0 else "with the reason below")
    page = await officer.submit(page, f"{council}/nil", {"note": "Quiet"})
    assert "The nil return is sent" in page.text
    now = {each["indicator"]: each for each in (await told(officer, service, council))["items"]}
    assert {now[each["indicator"]]["value"] for each in missing} == {each["nil"] for each in missing}
    # What is done already has no page any more: it leads back to the return.
    page = await officer.get(f"{council}/nil")
    assert page.heading.startswith("Return for")


async def test_what_a_quarter_still_running_cannot_have_is_said(officer: Visitor) -> None:
    coming = "/returns/2017-18-Q3~west-yorkshire-fire"
    for address in (coming, f"{coming}/nil"):
        page = await officer.get(address)
        assert f"{coming}/nil" not in page.links()
        assert "figures exist from" in page.text.lower()


async def test_another_agency_s_return_is_not_found(analyst: Visitor) -> None:
    for deed in ("", "/form", "/late", "/nowhere"):
        page = await analyst.get(f"/returns/2017-18-Q2~west-yorkshire-fire{deed}", status=404)
        assert page.heading == "Page not found"


async def test_a_receipt_leads_to_its_return(officer: Visitor) -> None:
    form = "/indicators/dwelling-fires/figures/new"
    fields = {"period": "2017-18-Q2", "value": "70", "reason": "recount"}
    page = await officer.submit(await officer.get(form), form, fields)
    address = "/returns/2017-18-Q2~west-yorkshire-fire"
    assert {address, f"{address}/query"} <= set(page.links())


async def test_an_agency_is_reminded_once_a_day(officer: Visitor, service: Service) -> None:
    before, elsewhere = await officer.get(OWED), await officer.get(OWED)
    page = await officer.submit(before, f"{OWED}/remind")
    assert "A reminder is on its way" in page.text
    (sent,) = await service.items("/messages", officer.browser.cookies["saferplan"])
    assert sent["to"] == ANALYST
    page = await officer.submit(elsewhere, f"{OWED}/remind", status=409)
    assert "There is a problem" in page.text
    assert f"{OWED}/remind" not in [form.get("action") for form in (await officer.get(OWED)).all("form")]


async def test_everybody_who_is_late_is_reminded_in_one_press(officer: Visitor, service: Service) -> None:
    token = officer.browser.cookies["saferplan"]
    assert "/returns/remind" in (await officer.get("/returns")).links()
    page = await officer.get("/returns/remind")
    assert page.heading == "Remind who is late"
    assert "No email is set up, so reminders wait on Messages until it is." in page.text
    overdue = [each for each in await service.items("/returns", token) if each["is_overdue"]]
    named = [text_of(next(row.iter("th"))) for row in page.all("tr") if list(row.iter("td"))]
    assert sorted(named) == sorted({each["agency"]["name"] for each in overdue}), "each agency once"
    assert "West Yorkshire Police" in named
    assert await service.items("/messages", token) == [], "looking reminds nobody"
    page = await officer.submit(page, "/returns/remind")
    assert re.search(r"Reminders to (1 agency|\d agencies) are on their way", page.text)
    sent = await service.items("/messages", token)
    assert ANALYST in {each["to"] for each in sent}
    assert "Nobody is to be reminded now." in page.text
    page = await officer.get("/returns/remind")
    assert "they were reminded today already" in page.text
    assert len(await service.items("/messages", token)) == len(sent)


async def test_only_staff_remind(analyst: Visitor) -> None:
    assert (await analyst.get("/returns/remind", status=403)).heading == "You may not do that here"


STEPS = {"check": ({}, "The return is checked"), "query": ({"text": "Is it all?"}, "Your query is sent")}


@pytest.mark.parametrize("step", STEPS)
async def test_a_step_on_a_return_that_moved_is_told_and_goes_on_when_sent_again(
    visitor: Visitor, service: Service, step: str
) -> None:
    fields, done = STEPS[step]
    await visitor.sign_in(ADMINISTRATOR, PASSWORD)
    page = await visitor.get(f"{POLICE}/query" if step == "query" else POLICE)
    row = {"indicator": "total-crime", "period": "2017-18-Q1", "value": 15_801, "reason": "recount"}
    token = visitor.browser.cookies["saferplan"]
    assert (await service.post("/figures", token, json={"figures": [row]})).status_code == 201
    page = await visitor.submit(page, f"{POLICE}/{step}", fields, status=412)
    assert (
        "Somebody else saved a change while you had this open. Nothing of yours has been saved" in page.text
    )
    page = await visitor.submit(page, f"{POLICE}/{step}")
    assert done in page.text
