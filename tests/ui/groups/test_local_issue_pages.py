"""The pages of local issues: open and closed ones, one with its steps, and the form."""

from tests.ui.visitor import Visitor

HERE = "/local-issues/great-horton-road"


async def test_an_officer_adds_changes_closes_and_reopens_one(officer: Visitor) -> None:
    form = await officer.get("/new/local-issue")
    wrong = await officer.submit(form, "/new/local-issue", {"title": ""}, status=422)
    assert "Enter what it is and where" in wrong.text
    added = await officer.submit(wrong, "/new/local-issue", {"title": "Bikes on the old railway"})
    assert "The local issue is added" in added.text
    address = added.response.url.path
    edit = await officer.get(f"{address}/edit")
    saved = await officer.submit(edit, f"{address}/edit", {"done": "Gates put up"})
    assert "Gates put up" in saved.text
    late = await officer.submit(edit, f"{address}/edit", {"done": "Nothing"}, status=412)
    assert "Somebody else saved a change" in late.text
    without = await officer.submit(saved, f"{address}/close", {"changed": ""}, status=422)
    assert "Enter what has changed" in without.text
    closed = await officer.submit(without, f"{address}/close", {"changed": "No calls since"})
    assert "20 December 2017" in closed.text
    captions = [caption.text for caption in (await officer.get("/local-issues")).all("caption")]
    assert captions == ["Open", "Closed"]
    reopened = await officer.submit(closed, f"{address}/reopen", {"reason": "They are back"})
    assert reopened.form(f"{address}/close") is not None


async def test_an_issue_that_moved_is_closed_when_it_is_sent_again(officer: Visitor) -> None:
    mine, edit = await officer.get(HERE), await officer.get(f"{HERE}/edit")
    await officer.submit(edit, f"{HERE}/edit", {"done": "Gates put up"})
    page = await officer.submit(mine, f"{HERE}/close", {"changed": "No calls since"}, status=412)
    assert "Somebody else saved a change while you had this open" in page.text
    assert "Gates put up" in page.text
    assert "Closed" in (await officer.submit(page, f"{HERE}/close")).text


async def test_a_reader_only_reads(reader: Visitor) -> None:
    page = await reader.get(HERE)
    assert page.all("form") == [page.form("/sign-out")]
    for address in ("/new/local-issue", f"{HERE}/edit"):
        await reader.get(address, status=403)
