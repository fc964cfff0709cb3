"""The pages of recommendations: what is owed first, one with its history, and files as evidence."""

from tests.build import Service
from tests.files.evidence import pdf, png
from tests.ui.visitor import Visitor

HERE = "/recommendations/risk-conferences"
SCRUTINY = "/recommendations/scrutiny-december-2017"
STARTS = ("Answers owed", "Being worked on")


async def test_what_is_owed_stands_first(officer: Visitor) -> None:
    page = await officer.get("/recommendations")
    assert [caption.text for caption in page.all("caption")] == list(STARTS)
    first, second, *_ = page.rows()[1:]
    assert "Answer owed by 17 January 2018" in first
    assert "Being considered, answer owed, with no day set" in second


async def test_an_officer_adds_changes_answers_and_follows_one(officer: Visitor) -> None:
    form = await officer.get("/new/recommendation")
    wrong = await officer.submit(form, "/new/recommendation", {"source": ""}, status=422)
    assert "Enter what is recommended" in wrong.text
    added = await officer.submit(
        wrong,
        "/new/recommendation",
        {
            "source": "audit",
            "source_title": "Internal audit, 2017",
            "text": "Keep receipts",
            "due_on-day": "31",
            "due_on-month": "1",
            "due_on-year": "2018",
        },
    )
    assert added.heading == "Keep receipts"
    address = added.response.url.path
    assert await says(officer, f"{address}/answer", {"answer": "accepted", "text": "We shall"}) == "Accepted"
    sent = {"state": "done", "text": "All kept", "on_behalf_of": "Treasurer, by telephone"}
    assert await says(officer, f"{address}/progress", sent) == "Done"
    page = await officer.get(address)
    assert "Treasurer, by telephone; entered by Community safety officer" in page.text
    assert f"{address}/progress" not in page.links()
    assert await says(officer, f"{address}/reopen", {"state": "late", "text": "One was lost"}) == "Late"
    edit = await officer.get(f"{address}/edit")
    await officer.submit(edit, f"{address}/edit", {"note": "As agreed"}, status=422)
    saved = await officer.submit(edit, f"{address}/edit", {"note": "As agreed", "reason": "Agreed"})
    assert "Your change is saved" in saved.text
    late = await officer.submit(edit, f"{address}/edit", {"note": "Other", "reason": "Agreed"}, status=412)
    assert "Somebody else saved a change" in late.text


async def says(officer: Visitor, address: str, fields: dict[str, str]) -> str:
    """Takes a step; returns the label of the newest entry of the history."""
    form = await officer.get(address)
    page = await officer.submit(form, address, fields)
    entry, *_ = page.all("b")
    return entry.text or ""


async def test_a_file_is_added_saved_and_removed(officer: Visitor) -> None:
    page = await officer.get(HERE)
    evidence = f"{HERE}/evidence"
    wrong = await officer.submit(page, evidence, {"title": "Letter"}, file=("letter.pdf", png()), status=422)
    assert "The name ends in “.pdf”, and the file is a PNG picture." in wrong.text
    without = await officer.submit(page, evidence, {"title": ""}, file=("letter.pdf", pdf()), status=422)
    assert "Enter what the file is" in without.text
    added = await officer.submit(page, evidence, {"title": "The letter"}, file=("letter.pdf", pdf()))
    assert "The file is added" in added.text
    (address,) = [link for link in added.links() if link.startswith("/files/")]
    saved = await officer.browser.get(address)
    assert (saved.content, saved.headers["content-type"]) == (pdf(), "application/pdf")
    assert saved.headers["content-disposition"] == "attachment; filename*=UTF-8''letter.pdf"
    assert saved.headers["x-content-type-options"] == "nosniff"
    removal = f"{evidence}/{address.removeprefix('/files/')}/remove"
    removed = await officer.submit(added, removal)
    assert "The file is removed" in removed.text
    await officer.get(address, status=404)


async def test_a_file_that_is_too_large_is_refused(officer: Visitor) -> None:
    page = await officer.get(HERE)
    large = pdf(b"x" * (10 * 1024 * 1024))
    refused = await officer.submit(
        page, f"{HERE}/evidence", {"title": "Letter"}, file=("letter.pdf", large), status=413
    )
    assert "10 MiB" in refused.text


async def test_a_reader_only_reads(reader: Visitor) -> None:
    page = await reader.get(HERE)
    assert page.all("form") == [page.form("/sign-out")]
    for address in ("/new/recommendation", f"{HERE}/edit", f"{HERE}/answer"):
        await reader.get(address, status=403)


async def test_a_step_that_may_not_be_taken_leads_back(officer: Visitor, service: Service) -> None:
    page = await officer.get(f"{SCRUTINY}/progress")
    assert page.response.url.path == SCRUTINY
