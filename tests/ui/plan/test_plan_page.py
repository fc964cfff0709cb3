import pytest

from app.ui.pages.plan import plan as plan_page
from tests.build import Service
from tests.ui.page import text_of
from tests.ui.visitor import Visitor


async def test_every_line_of_the_plan_is_there_with_its_rating_and_reason(
    reader: Visitor, service: Service
) -> None:
    token = reader.browser.cookies["saferplan"]
    page = await reader.get("/")
    assert page.heading == "Plan on a page"
    rows = page.rows()
    priorities = await service.items("/priorities", token)
    lines = [line for priority in priorities for line in priority["measures"]]
    assert len(lines) >= 19
    for line in lines:
        assert any(line["words"] in row for row in rows), line["words"]
    for item in await service.items("/indicators", token):
        link = f"/indicators/{item['code']}"
        row = next(text_of(r) for r in page.all("tr") if link in [a.get("href") for a in r.iter("a")])
        assert item["rating"]["label"] in row
        assert item["rating"]["brief"] in row
        assert item["trend"]["label"] in row


async def test_a_line_without_an_indicator_says_how_it_is_measured(reader: Visitor) -> None:
    page = await reader.get("/")
    several = [row for row in page.rows() if "Measured by 2 indicators" in row]
    assert len(several) == 1


async def test_what_is_missing_is_said_with_why(reader: Visitor, service: Service) -> None:
    page = await reader.get("/")
    said = [text_of(item) for item in page.all("li")]
    items = await service.items("/indicators", reader.browser.cookies["saferplan"])
    owed = [item for item in items if item["owed"] and item["priority"]]
    assert {item["owed"]["missing"] for item in owed} == {None, "awaited"}
    for item in owed:
        told = f"{item['title']}, {item['owed']['period_label']}: {item['owed']['words']}"
        assert any(text.startswith(told) for text in said), told
    assert f"{len(owed)} figures are missing" in page.text


async def test_a_promise_not_kept_is_said_to_be_past(officer: Visitor) -> None:
    form = "/indicators/dwelling-fires/figures/new"
    fields = {
        "period": "2017-18-Q2",
        "value": "",
        "missing": "awaited",
        "expected_on": "2017-11-30",
        "reason": "withdrawn",
    }
    await officer.submit(await officer.get(form), form, fields)
    page = await officer.get("/indicators/dwelling-fires")
    assert "awaited, promised for 30 November 2017, and the day has passed" in page.text


async def test_the_latest_of_each_is_told_from_a_quarter_asked_for(reader: Visitor) -> None:
    page = await reader.get("/")
    assert "The latest of each measure, as known today, 20 December 2017" in page.text
    page = await reader.submit(page, "/", {"period": "2017-18-Q2"})
    assert "Q2 2017/18 (July to September 2017), as known today" in page.text
    option = next(e for e in page.all("option") if e.get("selected") is not None)
    assert option.get("value") == "2017-18-Q2"


async def test_priorities_and_checks_are_a_click_away(reader: Visitor) -> None:
    page = await reader.get("/")
    assert "/priorities/safeguarding" in page.links()
    checks = await reader.get(next(link for link in page.links() if link.startswith("/checks")))
    assert checks.heading == "Plan checks"
    assert len(checks.rows()) > 10


async def test_choosing_a_period_and_a_day_shows_the_plan_as_it_was(reader: Visitor) -> None:
    page = await reader.get("/")
    fields = {"period": "2017-18-Q1", "as_known_at": "2017-10-20"}
    page = await reader.submit(page, "/", fields)
    assert "Q1 2017/18 (April to June 2017), as it was known at the end of 20 October 2017" in page.text
    assert any("period=2017-18-Q1" in link and "as_known_at=2017-10-20" in link for link in page.links())


async def test_an_earlier_day_has_no_checks_of_today_s_plan(reader: Visitor) -> None:
    assert "plan checks, such as" in (await reader.get("/")).text
    assert "plan checks, such as" in (await reader.get("/?as_known_at=2017-12-20")).text
    assert "plan checks, such as" not in (await reader.get("/?as_known_at=2017-12-19")).text


async def test_before_the_plan_begins_no_figure_of_it_is_missing(reader: Visitor) -> None:
    page = await reader.get("/?as_known_at=2017-03-31")
    assert "The plan begins on 1 April 2017: no figure is owed under it by this day." in page.text
    assert "missing" not in page.text
    page = await reader.get("/?as_known_at=2017-10-01")
    assert "The plan begins" not in page.text
    assert "figures are missing" in page.text


async def test_a_day_that_is_none_is_said_beside_the_field(reader: Visitor) -> None:
    page = await reader.get("/?as_known_at=yesterday", status=422)
    assert (page.one("title").text or "").startswith(f"Error: {page.heading} – Bradford District")
    assert any("as_known_at-error" in (e.get("id") or "") for e in page.all("p"))
    assert len(page.all("table")) == 3


async def test_a_period_that_is_none_still_shows_the_plan(reader: Visitor) -> None:
    page = await reader.get("/?period=2018", status=422)
    assert "There is a problem" in page.text
    assert len(page.all("table")) == 3


async def test_a_person_of_two_partnerships_changes_from_one_to_the_other(
    officer: Visitor, second_partnership: str
) -> None:
    page = await officer.get("/partnership")
    page = await officer.submit(page, "/partnership", {"partnership": second_partnership})
    assert page.heading == "There is no plan yet"
    assert "Send figures" not in page.text
    page = await officer.submit(
        await officer.get("/partnership"), "/partnership", {"partnership": "bradford"}
    )
    assert page.heading == "Plan on a page"
    assert "Send figures" in page.text


async def test_a_priority_in_full(reader: Visitor) -> None:
    page = await reader.get("/priorities/reducing-crime")
    for heading in ("How it stands", "Objectives", "Actions"):
        assert heading in [("".join(h.itertext())).strip() for h in page.all("h2")]


@pytest.mark.parametrize(("most", "are_named"), [(5, True), (2, False)])
async def test_many_of_a_kind_are_a_count_and_the_way_to_them(
    officer: Visitor, service: Service, monkeypatch: pytest.MonkeyPatch, most: int, are_named: bool
) -> None:
    """Three are overdue here: named where up to five are, counted where only two would be."""
    token = officer.browser.cookies["saferplan"]
    attention = (await service.get("/returns/summary", token)).json()["attention"]
    overdue = [each for each in attention if each["state"] == "overdue"]
    assert len(overdue) == 3
    monkeypatch.setattr(plan_page, "MOST_NAMED", most)
    page = await officer.get("/")
    line = next(text_of(item) for item in page.all("li") if "returns are overdue" in text_of(item))
    assert line.startswith("3 returns are overdue")
    assert all((each["agency"]["name"] in line) is are_named for each in overdue)
    assert "/returns?state=overdue" in page.links()


@pytest.mark.parametrize("address", ["/", "/indicators/dwelling-fires"])
async def test_a_day_that_has_not_come_is_refused_beside_its_field(reader: Visitor, address: str) -> None:
    page = await reader.get(f"{address}?as_known_at=2017-12-21", status=422)
    assert "#as_known_at" in page.links()
    assert "choose a day up to today, 20 December 2017" in page.text
