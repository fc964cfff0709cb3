"""A quarter from its dates to its close, and a correction after it."""

import re

from tests.bradford import ADMINISTRATOR, READER
from tests.build import PASSWORD, Service
from tests.ui.page import text_of
from tests.ui.visitor import Visitor

ONE = "/quarters/2017-18-Q2"
DATES = {
    "cut_off_on-day": "22",
    "cut_off_on-month": "12",
    "cut_off_on-year": "2017",
    "board_on-day": "5",
    "board_on-month": "1",
    "board_on-year": "2018",
}
FIRE = "/returns/2017-18-Q2~west-yorkshire-fire/form"
FIRES = "dwelling-fires:2017-18-Q2"


async def test_an_officer_sets_the_dates_and_may_do_no_more(officer: Visitor) -> None:
    page = await officer.get(ONE)
    assert [form.get("action") for form in page.all("form")] == ["/sign-out", f"{ONE}/dates"]
    wrong = {**DATES, "board_on-day": "31", "board_on-month": "2"}
    page = await officer.submit(page, f"{ONE}/dates", wrong, status=422)
    assert "#board_on-day" in page.links()
    page = await officer.submit(page, f"{ONE}/dates", {**DATES, "board_on-year": "2017"}, status=422)
    assert "The Board meets after the cut-off" in page.text
    page = await officer.submit(page, f"{ONE}/dates", DATES)
    assert "Cut off is planned for 22 December 2017 for the Board on 5 January 2018" in page.text
    assert "Cut off is planned for 22 December 2017" in (await officer.get("/returns")).text
    page = await officer.submit(page, f"{ONE}/dates", dict.fromkeys(DATES, ""))
    assert "No cut-off is set" in page.text


async def test_dates_somebody_else_set_meanwhile_are_told(officer: Visitor) -> None:
    mine, theirs = await officer.get(ONE), await officer.get(ONE)
    await officer.submit(theirs, f"{ONE}/dates", DATES)
    page = await officer.submit(mine, f"{ONE}/dates", {**DATES, "cut_off_on-day": "21"}, status=412)
    assert "Somebody else saved a change" in page.text
    assert "22 December 2017" in page.text
    page = await officer.submit(page, f"{ONE}/dates")
    assert "Cut off is planned for 21 December 2017" in page.text


async def test_from_cut_off_to_a_correction(visitor: Visitor, service: Service) -> None:
    await visitor.sign_in(ADMINISTRATOR, PASSWORD)
    page = await visitor.get(f"{ONE}/cut-off")
    assert "will be listed as late items" in page.text
    page = await visitor.submit(page, f"{ONE}/cut-off")
    assert "The quarter is cut off" in page.text
    frozen = await visitor.get(f"{ONE}/snapshot")
    assert frozen.heading == "Frozen at the cut-off"
    before = next(row for row in frozen.rows() if row.startswith("Dwelling fires"))

    fields = {f"{FIRES}.value": "70", f"{FIRES}.reason": "Recount", "do": "check"}
    sent = await visitor.submit(await visitor.get(FIRE), FIRE, fields)
    await visitor.submit(sent, FIRE, {"do": "send"})
    page = await visitor.get(ONE)
    assert any("Recount" in row and " 70 " in row for row in page.rows())
    assert before in (await visitor.get(f"{ONE}/snapshot")).rows()

    page = await visitor.submit(await visitor.get(f"{ONE}/close"), f"{ONE}/close")
    assert "The quarter is closed" in page.text
    form = await visitor.get(FIRE)
    assert "What you send is a correction" in form.text
    page = await visitor.submit(form, FIRE, {f"{FIRES}.value": "71", "do": "check"}, status=422)
    assert any(e.get("id") == f"{FIRES}.reason-error" for e in page.all("p"))
    page = await visitor.submit(page, FIRE, {f"{FIRES}.reason": "One more", "do": "check"})
    assert "sent as a correction" in page.text
    await visitor.submit(page, FIRE, {"do": "send"})
    page = await visitor.get(ONE)
    assert "Revised after close" in [text_of(e) for e in page.all("h2")]

    page = await visitor.submit(page, f"{ONE}/reopen", status=422)
    assert "Say why it is opened again" in page.text
    page = await visitor.submit(page, f"{ONE}/reopen", {"reason": "The Board asked"})
    assert "The quarter is open again" in page.text
    assert "The Board asked" in page.text


async def test_a_cut_off_says_what_it_would_freeze_and_asks_first(visitor: Visitor) -> None:
    await visitor.sign_in(ADMINISTRATOR, PASSWORD)
    page = await visitor.get(ONE)
    assert [form.get("action") for form in page.all("form")] == ["/sign-out", f"{ONE}/dates"]
    assert f"{ONE}/cut-off" in page.links()
    page = await visitor.submit(page, f"{ONE}/dates", {**DATES, "cut_off_on-day": "31", "board_on-day": "12"})
    query = "/returns/2017-18-Q2~west-yorkshire-police/query"
    asked = {"text": "Late reports?", "indicators": ["total-crime"]}
    await visitor.submit(await visitor.get(query), query, asked)

    page = await visitor.get(f"{ONE}/cut-off")
    assert page.heading == "Cut off Q2 2017/18?"
    left = (await visitor.get(ONE)).text
    received, expected = re.search(r"(\d+) of (\d+) in,", left).groups()  # type: ignore[union-attr]
    assert "The cut-off is planned for 31 December 2017, 11 days away." in page.text
    assert f"freezes {received} figures as they are now" in page.text
    assert "the Board’s meeting on 12 January 2018" in page.text
    missing = int(expected) - int(received)
    assert f"{missing} of {expected} figures are not in, and will be listed as late items" in page.text
    assert ": 1 is queried, 2 are overdue" in page.text
    assert any(row.startswith("West Yorkshire Police Queried") and "Total" in row for row in page.rows())
    assert len(list(page.all("table")[0].iter("tr"))) == missing + 1, "each by name, below the head"
    assert ONE in page.links(), "Not now"
    assert "is planned for" in (await visitor.get(ONE)).text, "nothing is done yet"

    page = await visitor.submit(page, f"{ONE}/cut-off", {"note": "x" * 20_000}, status=422)
    assert page.heading == "Cut off Q2 2017/18?"
    page = await visitor.submit(page, f"{ONE}/cut-off", {"note": "Papers"})
    assert "The quarter is cut off" in page.text
    assert (await visitor.get(f"{ONE}/cut-off")).response.url.path == ONE, "it is done"

    page = await visitor.get(f"{ONE}/close")
    assert page.heading == "Close Q2 2017/18?"
    assert "The Board meets on 12 January 2018, 23 days away." in page.text
    assert f"locks {received} figures" in page.text


async def test_only_who_may_close_is_asked(officer: Visitor) -> None:
    for step in ("cut-off", "close"):
        assert (await officer.get(f"{ONE}/{step}", status=403)).heading == "You may not do that here"
    assert (await officer.get(f"{ONE}/reopen", status=404)).heading == "Page not found"


async def test_the_board_reads_what_was_frozen_for_it(visitor: Visitor) -> None:
    await visitor.sign_in(ADMINISTRATOR, PASSWORD)
    await visitor.submit(await visitor.get(f"{ONE}/cut-off"), f"{ONE}/cut-off")
    await visitor.submit(await visitor.get("/"), "/sign-out")
    page = await visitor.sign_in(READER, PASSWORD)
    assert "What was frozen for the Board for Q2 2017/18, on" in page.text
    frozen = await visitor.get(next(link for link in page.links() if link.endswith("/snapshot")))
    assert frozen.heading == "Frozen at the cut-off"
    assert any(row.startswith("Dwelling fires") for row in frozen.rows())
    assert "/returns" not in frozen.links()


async def test_a_quarter_that_was_not_cut_off_has_nothing_frozen(officer: Visitor) -> None:
    assert (await officer.get(f"{ONE}/snapshot", status=404)).heading == "Page not found"
    assert (await officer.get("/quarters/1999-00-Q1", status=404)).heading == "Page not found"


async def test_who_sends_figures_sees_how_far_the_quarter_is_and_changes_nothing(analyst: Visitor) -> None:
    page = await analyst.get(ONE)
    assert [form.get("action") for form in page.all("form")] == ["/sign-out"]


async def test_the_record_leads_to_returns_and_quarters(officer: Visitor) -> None:
    await officer.submit(await officer.get(ONE), f"{ONE}/dates", DATES)
    fields = {"text": "Sure?"}
    query = "/returns/2017-18-Q1~west-yorkshire-fire/query"
    await officer.submit(await officer.get(query), query, fields)
    links = (await officer.get("/record")).links()
    assert {ONE, "/returns/2017-18-Q1~west-yorkshire-fire"} <= set(links)


async def test_a_figure_or_a_file_of_a_closed_quarter_can_be_a_correction(visitor: Visitor) -> None:
    await visitor.sign_in(ADMINISTRATOR, PASSWORD)
    for deed in ("cut-off", "close"):
        await visitor.submit(await visitor.get(f"{ONE}/{deed}"), f"{ONE}/{deed}")
    here = "/indicators/asb-incidents/figures/new"
    fields = {"period": "2017-18-Q2", "value": "4100", "reason": "Recount", "note": "Agreed"}
    page = await visitor.submit(await visitor.get(here), here, fields, status=409)
    assert "was closed on" in page.text
    assert "say why and send it as a correction: it is then marked as revised" in page.text
    page = await visitor.submit(page, here, {"correction": "yes"})
    assert page.heading == "Receipt"

    upload = "/figures/upload"
    content = b"indicator,period,value,reason,note\r\nasb-incidents,2017-18-Q2,4090,Recount,Agreed\r\n"
    page = await visitor.submit(await visitor.get(upload), upload, file=("q2.csv", content))
    assert "These figures are of a closed quarter" in page.text
    assert "was closed on" in page.text
    assert "correction=true" not in page.text
    page = await visitor.submit(page, f"{page.response.url.path}/send")
    assert page.heading == "Receipt"

    content = b"indicator,period,value\r\nasb-incidents,2017-08,1300\r\n"
    page = await visitor.submit(await visitor.get(upload), upload, file=("august.csv", content))
    assert "These figures are of a closed quarter" in page.text
    page = await visitor.submit(page, f"{page.response.url.path}/send", status=422)
    assert "Say in “reason” why it is corrected" in page.text
    assert "Something has changed" not in page.text


async def test_a_cut_off_of_a_quarter_that_moved_is_told_and_goes_on_when_sent_again(
    visitor: Visitor,
) -> None:
    await visitor.sign_in(ADMINISTRATOR, PASSWORD)
    mine = await visitor.get(f"{ONE}/cut-off")
    await visitor.submit(await visitor.get(ONE), f"{ONE}/dates", DATES)
    page = await visitor.submit(mine, f"{ONE}/cut-off", {"note": "Papers"}, status=412)
    assert "Somebody else saved a change while you had this open" in page.text
    assert "The cut-off is planned for 22 December 2017" in page.text
    page = await visitor.submit(page, f"{ONE}/cut-off")
    assert "The quarter is cut off" in page.text


async def test_a_step_somebody_else_took_meanwhile_leads_to_the_quarter(
    visitor: Visitor,
) -> None:
    await visitor.sign_in(ADMINISTRATOR, PASSWORD)
    mine, theirs = await visitor.get(f"{ONE}/cut-off"), await visitor.get(f"{ONE}/cut-off")
    await visitor.submit(theirs, f"{ONE}/cut-off")
    page = await visitor.submit(mine, f"{ONE}/cut-off", status=412)
    assert page.heading == "Q2 2017/18 (July to September 2017)"
    assert "Somebody else saved a change while you had this open" in page.text
