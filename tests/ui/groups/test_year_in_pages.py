"""A group's year entered through the pages alone, without JavaScript: only links that are there and buttons."""

from tests.ui.page import Page
from tests.ui.visitor import Visitor

GROUP = "/groups/night-time"
MEETINGS = "/meetings/night-time-"
MEMBERS = ("area-commander", "probation-head", "portfolio-holder")
APRIL, EMAIL, JULY, AUGUST, OCTOBER = (
    f"{MEETINGS}{day}" for day in ("2017-04-21", "2017-06-01", "2017-07-14", "2017-08-04", "2017-10-06")
)


def day(name: str, text: str) -> dict[str, str]:
    year, month, number = text.split("-")
    return {f"{name}-day": number, f"{name}-month": month, f"{name}-year": year}


async def follow(officer: Visitor, page: Page, address: str) -> Page:
    """Goes where a link of the page leads."""
    assert address in page.links(), f"no link to {address} at {page.response.url}"
    return await officer.get(address)


async def add_group(officer: Visitor) -> None:
    form = await follow(officer, await officer.get("/groups"), "/new/group")
    fields = {
        "code": "night-time",
        "name": "Night-time group",
        "parent": "board",
        "chair": "area-commander",
        "quorum": "2",
        **day("begins_on", "2017-04-01"),
    }
    page = await officer.press(form, "Save", fields)
    for post in MEMBERS:
        form = await follow(officer, page, f"{GROUP}/members")
        page = await officer.press(form, "Save", {"post": post, **day("begins_on", "2017-04-01")})
    assert page.text.count("from 1 April 2017") == len(MEMBERS)


async def add_meeting(officer: Visitor, on: str, kind: str = "ordinary") -> Page:
    form = await follow(officer, await officer.get(GROUP), "/new/meeting/night-time")
    fields = {**day("day", on), "kind": kind, "items": "Performance\nCameras"}
    return await officer.press(form, "Save", fields)


async def record_attendance(officer: Visitor, address: str, statuses: str) -> Page:
    """Records one letter's status of each member, in one go."""
    words = {"P": "present", "D": "deputy", "A": "apologies", "-": "absent"}
    form = await follow(officer, await officer.get(address), f"{address}/attendance")
    fields = {f"status-{post}": words[letter] for post, letter in zip(MEMBERS, statuses, strict=True)}
    return await officer.press(form, "Save", fields)


async def decide(officer: Visitor, address: str, fields: dict[str, str]) -> Page:
    code = address.rpartition("/")[2]
    form = await follow(officer, await officer.get(address), f"/new/decision/{code}")
    return await officer.press(form, "Save", fields)


async def test_a_year_is_entered_and_every_decision_leads_to_its_meeting_and_back(officer: Visitor) -> None:
    await add_group(officer)

    page = await add_meeting(officer, "2017-04-21")
    form = await follow(officer, page, f"{APRIL}/attendance")
    page = await officer.press(form, "Record all the others as present")
    assert [row.endswith("Present") for row in page.rows()[-3:]] == [True] * 3
    page = await officer.press(page, "It was held")
    assert "3 came; the quorum is 2." in page.text
    page = await decide(
        officer,
        APRIL,
        {"text": "The figures stand", "number": "1", "subject": "reporting-periods 2017-18-Q1"},
    )
    assert "/quarters/2017-18-Q1" in page.links()
    form = await follow(officer, await officer.get(APRIL), "/new/meeting-action/night-time-2017-04-21")
    action = {"text": "Count the taxis", "owner": "area-commander", **day("due_on", "2017-09-29")}
    page = await officer.press(form, "Save", action)
    assert "Count the taxis Police area commander 29 September 2017 Not started, overdue" in page.rows()

    page = await add_meeting(officer, "2017-06-01", "circulated")
    page = await officer.press(page, "It was held")
    assert "Not counted: circulated by e-mail" in page.text
    assert "quorum" not in page.text
    await decide(officer, EMAIL, {"text": "The leaflet is agreed"})

    page = await add_meeting(officer, "2017-07-14")
    page = await officer.press(page, "It was cancelled", {"reason": "The room was flooded"})
    assert "Cancelled: The room was flooded" in page.text
    assert "/new/decision/night-time-2017-07-14" not in page.links()
    form = await officer.get("/new/decision/night-time-2017-07-14")
    refused = await officer.press(form, "Save", {"text": "Buy cameras"}, status=422)
    assert "That meeting was cancelled, so it decided nothing" in refused.text

    await add_meeting(officer, "2017-08-04", "extraordinary")
    page = await record_attendance(officer, AUGUST, "P--")
    refused = await officer.get(AUGUST)
    assert "It was held" not in refused.text, "too few came"
    page = await officer.press(page, "It was inquorate", {"reason": "Two were ill"})
    assert "1 came; the quorum is 2." in page.text
    page = await decide(officer, AUGUST, {"text": "Buy cameras", "number": "2", "amount": "7,125.50"})
    assert "To be ratified" in page.text

    form = await follow(officer, await officer.get(GROUP), "/new/chairs-action/night-time")
    fields = {
        "text": "Pay the van's repair",
        **day("decided_on", "2017-08-20"),
        "heard_how": "By telephone, 20 August",
    }
    page = await officer.press(form, "Save", fields)
    assert "To be ratified" in page.text
    chairs = page.response.url.path

    await add_meeting(officer, "2017-10-06")
    page = await record_attendance(officer, OCTOBER, "PDA")
    await officer.press(page, "It was held")
    group = await officer.get(GROUP)
    for decision in (f"/decisions/{AUGUST.rpartition('/')[2]}-d1", chairs):
        page = await follow(officer, group, decision)
        page = await officer.press(page, "Record that it was ratified", {"meeting": "night-time-2017-10-06"})
        assert "Ratified" in page.text
        await follow(officer, page, OCTOBER)
        await follow(officer, await officer.get(OCTOBER), decision)
    assert "What it owes" not in (await officer.get(GROUP)).text

    for meeting in (APRIL, EMAIL, AUGUST):
        page = await follow(officer, await officer.get(GROUP), meeting)
        page = await follow(officer, page, f"/decisions/{meeting.rpartition('/')[2]}-d1")
        await follow(officer, page, meeting)

    page = await officer.get(APRIL)
    form = await follow(officer, page, "/meeting-actions/night-time-2017-04-21-a1")
    done = {"state": "done", "what_changed": "Two more taxis wait at closing time"}
    page = await officer.press(form, "Save", done)
    assert "What changed: Two more taxis wait at closing time" in page.text

    page = await follow(officer, await officer.get(GROUP), f"{GROUP}/attendance")
    assert "3 meetings counted" in page.text
    cells = {row for row in page.rows() if "of 3" in row}
    assert cells == {
        "West Yorkshire Police Present Present Present 3 of 3, 100%",
        "National Probation Service Present Absent Deputy came 2 of 3, 67%",
        "Bradford Council Present Absent Apologies 1 of 3, 33%",
    }
    outside = page.text.partition("Not counted")[2]
    assert "1 June 2017: Circulated by e-mail, held" in outside
    assert "14 July 2017: Ordinary, cancelled" in outside

    form = await officer.get(f"{GROUP}/edit")
    await officer.press(form, "Save", {"quorum": "3"})
    assert "1 came; the quorum is 2." in (await officer.get(AUGUST)).text, "as it was that day"
