"""The pages of engagements: newest first, and what was done added later."""

from tests.ui.visitor import Visitor

HERE = "/engagements/day-of-action"


async def test_they_stand_newest_first(reader: Visitor) -> None:
    page = await reader.get("/engagements")
    first, second = page.rows()[1:]
    assert "18 November 2017" in first
    assert "Nothing recorded" in first
    assert "1 June 2017 to 30 June 2017" in second
    assert "/new/engagement" not in page.links()


async def test_an_officer_says_later_what_was_done(officer: Visitor) -> None:
    edit = await officer.get(f"{HERE}/edit")
    saved = await officer.submit(edit, f"{HERE}/edit", {"done": "Lights mended in December"})
    assert "Your change is saved" in saved.text
    assert "Lights mended in December" in saved.text
    late = await officer.submit(edit, f"{HERE}/edit", {"done": "Nothing"}, status=412)
    assert "Somebody else saved a change" in late.text


async def test_an_officer_adds_one(officer: Visitor) -> None:
    form = await officer.get("/new/engagement")
    wrong = await officer.submit(form, "/new/engagement", {"title": "Walk about"}, status=422)
    assert "Enter the day" in wrong.text
    day = {"begins_on-day": "1", "begins_on-month": "12", "begins_on-year": "2017"}
    added = await officer.submit(wrong, "/new/engagement", day)
    assert (added.heading, "1 December 2017" in added.text) == ("Walk about", True)
