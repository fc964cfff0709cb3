"""Staff say from which day figures are owed, and what is older asks nobody for anything."""

from tests.ui.visitor import Visitor

PAGE = "/owed-from"


async def test_an_officer_sets_the_day(officer: Visitor) -> None:
    page = await officer.get("/returns")
    assert "Figures of the whole plan are owed." in page.text
    assert "Q1 2017/18" in page.text
    assert PAGE in page.links()
    page = await officer.get(PAGE)
    day = {"owed_from-day": "1", "owed_from-month": "7", "owed_from-year": "2017"}
    page = await officer.submit(page, PAGE, {**day, "reason": ""}, status=422)
    assert "#reason" in page.links()
    page = await officer.submit(page, PAGE, {**day, "owed_from-year": "2099", "reason": "x"}, status=422)
    assert "#owed_from-day" in page.links()
    page = await officer.submit(page, PAGE, {**day, "reason": "Joined in July"})
    assert "The day from which figures are owed is saved." in page.text
    assert "Figures are owed from 1 July 2017." in page.text
    assert "Q1 2017/18" not in page.text
    page = await officer.submit(
        await officer.get(PAGE), PAGE, {**dict.fromkeys(day, ""), "reason": "All of it"}
    )
    assert "Figures of the whole plan are owed." in page.text


async def test_readers_are_not_shown_it(reader: Visitor) -> None:
    await reader.get(PAGE, status=403)
