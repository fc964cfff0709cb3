"""The returns of every agency side by side, and an agency's own."""

from typing import Any

import pytest

from app.domain.access.authority import Role
from app.ui.pages.returns.board import board_rows, quarter_window
from tests.bradford import ANALYST, SUPPLIER
from tests.build import PASSWORD, Service, make_partnership, make_person
from tests.ui.page import text_of
from tests.ui.visitor import Visitor

QUARTERS = ("2016-17-Q3", "2016-17-Q4", "2017-18-Q1", "2017-18-Q2", "2017-18-Q3", "2017-18-Q4")


def summary(*quarters: str, newest: str | None = None) -> dict[str, Any]:
    return {"quarters": [{"period": each} for each in quarters], "newest": newest}


@pytest.mark.parametrize(
    ("until", "shown", "earlier", "later"),
    [
        ("2017-18-Q2", QUARTERS[:4], None, "2017-18-Q4"),
        ("2017-18-Q3", QUARTERS[1:5], "2016-17-Q3", "2017-18-Q4"),
        ("2016-17-Q4", QUARTERS[:2], None, "2017-18-Q4"),
        (None, QUARTERS[1:5], "2016-17-Q3", "2017-18-Q4"),
        ("nonsense", QUARTERS[1:5], "2016-17-Q3", "2017-18-Q4"),
        ("2017-18-Q4", QUARTERS[2:], "2016-17-Q4", None),
    ],
)
def test_four_quarters_are_shown_with_the_way_to_the_others(
    until: str | None, shown: tuple[str, ...], earlier: str | None, later: str | None
) -> None:
    made, before, after = quarter_window(summary(*QUARTERS, newest="2017-18-Q3"), until)
    assert tuple(each["period"] for each in made) == shown
    assert (before, after) == (earlier, later)


def test_no_quarter_is_shown_where_nothing_is_owed() -> None:
    assert quarter_window(summary(), None) == ([], None, None)


def test_an_agency_has_a_cell_for_each_quarter_shown() -> None:
    police, fire = {"code": "police"}, {"code": "fire"}
    found = [
        {"agency": police, "period": "2017-18-Q1"},
        {"agency": police, "period": "2017-18-Q2"},
        {"agency": fire, "period": "2017-18-Q2"},
    ]
    made = board_rows(found, summary("2017-18-Q1", "2017-18-Q2")["quarters"])
    assert made == [
        {"agency": police, "cells": found[:2]},
        {"agency": fire, "cells": [None, found[2]]},
    ]


async def test_staff_see_every_return_with_its_state_in_words(officer: Visitor, service: Service) -> None:
    page = await officer.get("/returns")
    assert page.heading == "Returns"
    assert "/messages" in page.links()
    found = await service.items("/returns", officer.browser.cookies["saferplan"])
    shown = [each for each in found if each["state"] != "not_due"]
    assert len({each["agency"]["code"] for each in shown}) > 2
    for one in shown:
        link = [text_of(a) for a in page.all("a") if a.get("href") == f"/returns/{one['id']}"][-1]
        assert one["label"] in link
        row = next(row for row in page.rows() if row.startswith(one["agency"]["name"]))
        assert one["detail"] in row
    newest = [each for each in shown if each["period"] == "2017-18-Q2"]
    received, expected = (sum(each[name] for each in newest) for name in ("received", "expected"))
    assert f"{received} of {expected} figures for Q2 2017/18 are in, 0 checked" in page.text


async def test_a_state_is_filtered_by_a_link(officer: Visitor) -> None:
    page = await officer.get("/returns")
    page = await officer.get(next(link for link in page.links() if link == "/returns?state=overdue"))
    assert all("Overdue" in row for row in page.rows()[1:])
    assert len(page.rows()) > 2
    page = await officer.get("/returns?state=nonsense")
    assert "Nothing of that kind" in page.text


async def test_later_quarters_are_a_link_away(officer: Visitor) -> None:
    page = await officer.get("/returns")
    page = await officer.get(next(link for link in page.links() if "until=" in link))
    assert "Q3 2017/18" in page.rows()[0]
    assert "Not due yet" in page.text


async def test_an_agency_lands_on_what_it_owes(visitor: Visitor) -> None:
    page = await visitor.sign_in(ANALYST, PASSWORD)
    assert page.heading == "What you owe"
    assert str(page.response.url).endswith("/returns")
    assert "Missing:" in page.text
    assert "Repeat victimisation, domestic abuse, 12 months to September 2017" in page.text
    assert "Bradford Council" not in page.text
    links = page.links()
    one = "/returns/2017-18-Q2~west-yorkshire-police"
    assert {f"{one}/form", f"{one}/late", f"{one}/nil", one} <= set(links)
    assert "/returns/2017-18-Q3~west-yorkshire-police" in links


async def test_where_somebody_lands_is_of_the_partnership_they_look_at(
    visitor: Visitor, service: Service
) -> None:
    with service.writing() as session:
        make_person(
            session, make_partnership(session, "riverside"), Role.READER, email=ANALYST, signed_up=False
        )
    page = await visitor.sign_in(ANALYST, PASSWORD)
    assert page.heading == "What you owe"
    for chosen, heading in (("riverside", "There is no plan yet"), ("bradford", "What you owe")):
        await visitor.submit(await visitor.get("/partnership"), "/partnership", {"partnership": chosen})
        await visitor.submit(await visitor.get("/"), "/sign-out", {})
        assert (await visitor.sign_in(ANALYST, PASSWORD)).heading == heading


async def test_where_somebody_was_going_comes_first(visitor: Visitor) -> None:
    page = await visitor.get("/receipts")
    page = await visitor.submit(page, "/sign-in", {"email": ANALYST, "password": PASSWORD})
    assert page.heading == "Receipts"


async def test_who_speaks_for_several_agencies_is_told_whose_each_is(visitor: Visitor) -> None:
    page = await visitor.sign_in(SUPPLIER, PASSWORD)
    owed = [text_of(heading) for heading in page.all("h2")]
    assert any(text.startswith("West Yorkshire Police, Q2 2017/18") for text in owed)


async def test_who_only_reads_sees_no_returns(reader: Visitor) -> None:
    assert "/returns" not in (await reader.get("/")).links()
    assert (await reader.get("/returns", status=403)).heading == "You may not do that here"


async def test_what_is_overdue_stands_on_the_plan_and_on_the_indicator(officer: Visitor) -> None:
    page = await officer.get("/")
    assert "/returns?state=overdue" in page.links()
    assert "returns are overdue: " in page.text
    page = await officer.get("/indicators/repeat-domestic-abuse")
    assert "/returns/2017-18-Q2~west-yorkshire-police" in page.links()
    assert "/returns/2017-18-Q2~west-yorkshire-fire" not in page.links()


async def test_a_return_that_is_queried_and_overdue_says_both_everywhere(
    officer: Visitor, service: Service
) -> None:
    one = "/returns/2017-18-Q2~west-yorkshire-police"
    asked = {"text": "Late reports?", "indicators": ["total-crime"]}
    await officer.submit(await officer.get(f"{one}/query"), f"{one}/query", asked)
    both = "asked about Total recorded crime; overdue by 37 days, 7 of 9 figures are in"
    board = next(row for row in (await officer.get("/returns")).rows() if "West Yorkshire Police" in row)
    assert "Queried" in board
    assert board.count("Overdue") == 1
    assert both in board
    page = await officer.get("/")
    assert f"1 return is queried: West Yorkshire Police, Q2 2017/18 ({both})" in page.text
    assert "/returns?state=queried" in page.links()
    overdue = await service.items("/returns", officer.browser.cookies["saferplan"], is_overdue="true")
    assert len(overdue) == 3
    assert f"3 returns are overdue: {overdue[0]['agency']['name']}" in page.text
    page = await officer.get("/returns?state=overdue")
    assert "3 overdue" in page.text
    assert "1 queried" in page.text
    listed = page.rows()[1:]
    assert len(listed) == 3
    assert any("West Yorkshire Police" in row and "Queried" in row and "Overdue" in row for row in listed)
    left = (await officer.get("/quarters/2017-18-Q2")).rows()
    assert any(row.startswith("West Yorkshire Police Queried") and both in row for row in left)
