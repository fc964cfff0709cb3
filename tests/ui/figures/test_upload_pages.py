"""A file from its upload to its receipt: waiting, looked over, mended, sent."""

from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from app.commands.figures.upload_work import work_on_uploads
from tests.build import Service
from tests.files.build import HEADINGS, PerCent, fill, made, workbook
from tests.ui.page import Page
from tests.ui.visitor import Visitor

HERE = "/figures/upload"
GOOD = b"indicator,period,value,status,note\r\nasb-incidents,2017-10,1201,provisional,\r\n"


async def choose(visitor: Visitor, content: bytes, name: str = "q3.csv", status: int = 200) -> Page:
    return await visitor.submit(await visitor.get(HERE), HERE, file=(name, content), status=status)


async def send(visitor: Visitor, page: Page, status: int = 200) -> Page:
    return await visitor.submit(page, f"{page.response.url.path}/send", status=status)


async def stored(visitor: Visitor, service: Service) -> list[dict[str, Any]]:
    token = visitor.browser.cookies["saferplan"]
    return await service.items("/figures", token, indicator="asb-incidents", period="2017-10")


async def test_a_file_is_looked_over_and_then_sent_as_it_was(analyst: Visitor, service: Service) -> None:
    page = await choose(analyst, GOOD)
    assert page.heading == "Check before you send"
    assert "q3.csv" in page.text
    assert any("asb-incidents" in row and "1,201" in row and "New" in row for row in page.rows())
    assert await stored(analyst, service) == []
    again = await analyst.get(page.response.url.path)
    assert again.heading == "Check before you send", "it can be come back to"
    receipt = await send(analyst, page)
    assert receipt.heading == "Receipt"
    assert len(await stored(analyst, service)) == 1
    twice = await send(analyst, page)
    assert twice.response.url.path == receipt.response.url.path, "a second press finds the receipt"
    back = await analyst.get(page.response.url.path)
    assert back.response.url.path == receipt.response.url.path
    assert len(await stored(analyst, service)) == 1


async def test_a_workbook_says_what_it_would_change(analyst: Visitor, service: Service) -> None:
    await send(analyst, await choose(analyst, GOOD))
    body = workbook(
        ("asb-incidents", "2017-10", 1210, "Recounted"),
        ("asb-incidents", "2017-11", 900, ""),
        headings=("indicator", "period", "value", "reason"),
        above=[("Our figures",)],
    )
    page = await choose(analyst, body, "figures.xlsx")
    assert page.heading == "Check before you send"
    first, second = page.rows()[1:]
    assert first.startswith("Row 3 ")
    assert "1,210 1,201 Revised" in first
    assert "900 – New" in second
    receipt = await send(analyst, page)
    assert "An Excel file" in receipt.text


async def test_a_file_to_correct_says_row_by_row_what_to_mend(analyst: Visitor, service: Service) -> None:
    bad = GOOD + b"asb-incidents,2017-18-Q5,12,provisional,\r\nasb-incidentz,2017-10,n/a,final,\r\n"
    page = await choose(analyst, bad)
    assert page.heading == "The file needs correcting"
    third, fourth, good = page.rows()[1:]
    assert third.startswith("Line 3 ")
    assert "Period:" in third
    assert "n/a" in fourth
    assert "Anti-social behaviour incidents asb-incidents" in good
    assert await stored(analyst, service) == []


async def test_the_good_rows_can_be_sent_alone(analyst: Visitor, service: Service) -> None:
    page = await choose(analyst, GOOD + b"asb-incidents,2017-11,n/a,final,\r\n")
    assert page.heading == "The file needs correcting"
    page = await send(analyst, page)
    assert page.heading == "Receipt"
    assert "Partly accepted" in page.text
    assert len(await stored(analyst, service)) == 1


async def test_a_file_without_a_good_row_has_no_button(analyst: Visitor) -> None:
    page = await choose(analyst, b"indicator,period,value\nasb-incidents,2017-11,n/a\n")
    assert not [form for form in page.all("form") if (form.get("action") or "").endswith("/send")]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.csv", b"", "Choose a file"),
        ("q2.csv", b"", "“q2.csv” is empty."),
        ("q2.pdf", b"%PDF-1.7\n", "This is a PDF. Send the figures as an Excel workbook"),
        ("x.csv", b"\xff\xfe\x00bad", "UTF-8"),
        ("x.csv", b"not,these,columns\n1,2,3\n", "column"),
        ("x.csv", b"\x00\x01\x02", "not text"),
        ("x.csv", b'a,"b\n', "quotation marks"),
        ("x.xlsx", GOOD, "give it a name ending in .csv"),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "old .xls workbook"),
        ("x.csv", b"PK\x03\x04 something else", "damaged"),
        ("x.xlsx", workbook(headings=("name", "colour")), "indicator"),
    ],
)
async def test_what_is_no_file_of_figures_is_refused_in_plain_words(
    analyst: Visitor, name: str, content: bytes, said: str
) -> None:
    page = await analyst.get(HERE)
    token = page.response.text.split('name="csrf_token" value="')[-1].split('"')[0]
    answer = await analyst.browser.post(
        HERE, data={"csrf_token": token}, files={"file": (name, content, "text/csv")}
    )
    assert answer.status_code in (400, 422)
    assert "There is a problem" in answer.text
    assert said in answer.text


@pytest.mark.parametrize("size", [11_000_000, 20_000_000])
async def test_too_large_a_file_is_said_to_be(analyst: Visitor, size: int) -> None:
    page = await choose(analyst, b"a" * size, "big.csv", status=413)
    assert "10 MB" in page.text


async def test_nobody_else_looks_it_over(analyst: Visitor, service: Service) -> None:
    page = await choose(analyst, GOOD)
    async with Visitor(analyst.ui) as other:
        await other.sign_in("officer@saferplan.example", "kestrel pewter orchard vane")
        await other.get(page.response.url.path, status=404)


async def test_something_changed_since_it_was_looked_over(analyst: Visitor, service: Service) -> None:
    page = await choose(analyst, GOOD)
    figure = {"indicator": "asb-incidents", "period": "2017-10", "value": 1300, "status": "provisional"}
    token = analyst.browser.cookies["saferplan"]
    assert (await service.post("/figures", token, json={"figures": [figure]})).status_code == 201
    page = await send(analyst, page, status=422)
    assert page.heading == "The file needs correcting"
    assert "Something has changed" in page.text
    assert "reason" in page.text


async def test_a_large_file_is_waited_for_without_a_script_and_with(
    officer: Visitor, service: Service
) -> None:
    body = b"indicator,period,value,note\n" + b"\n".join(
        b"asb-incidents,%d-%02d,%d,%s" % (year, month, month, b"x" * 400)
        for year in range(1916, 2000)
        for month in range(1, 13)
    )
    page = await choose(officer, body, "C:\\Users\\me\\long.csv")
    assert page.heading == "Checking your file"
    assert "long.csv" in page.text
    assert "Users" not in page.text
    assert page.response.headers["refresh"] == "10"
    here = page.response.url.path
    assert here in page.links(), "who has no script can ask again"
    part = await officer.browser.get(f"{here}/progress")
    assert "<html" not in part.text
    assert f'hx-get="{here}/progress"' in part.text
    assert "hx-redirect" not in part.headers
    assert work_on_uploads(service.database, service.settings)
    part = await officer.browser.get(f"{here}/progress")
    assert part.headers["hx-redirect"] == here
    page = await officer.get(here)
    assert page.heading == "Check before you send"
    assert "1008" in page.text
    assert (await send(officer, page)).heading == "Receipt"


async def test_a_large_file_that_cannot_be_read_says_why(officer: Visitor, service: Service) -> None:
    page = await choose(officer, b"indicator,period,vlaue,note\n" + b"a,b,c,d\n" * 50_000)
    assert page.heading == "Checking your file"
    assert work_on_uploads(service.database, service.settings)
    page = await officer.get(page.response.url.path)
    assert page.heading == "The file needs correcting"
    assert "Did you mean “value”?" in page.text


async def test_a_percentage_reads_as_it_was_typed(officer: Visitor) -> None:
    page = await choose(officer, workbook(("asb-satisfaction", "2017-10", PerCent(0.433))), "p.xlsx")
    assert any("43.3%" in row for row in page.rows())


async def test_a_return_is_downloaded_filled_in_and_sent(analyst: Visitor, service: Service) -> None:
    """As the agency's analyst does it, whatever program fills it in."""
    here = "/returns/2017-18-Q2~west-yorkshire-police"
    page = await analyst.get(here)
    (link,) = [link for link in page.links() if link.endswith("template.xlsx")]
    given = await analyst.browser.get(link)
    assert given.headers["content-disposition"].startswith("attachment;")
    sheet = CalamineWorkbook.from_filelike(BytesIO(given.content)).get_sheet_by_index(0)
    headings, *rows = sheet.to_python()
    value = headings.index("value")
    empty = [row for row in rows if row[value] == "" and row[headings.index("missing")] == ""]
    assert empty, "something is owed"
    for row in empty:
        row[value] = 12
    page = await choose(analyst, workbook(*rows, headings=[str(each) for each in headings]), "return.xlsx")
    assert page.heading == "Check before you send", page.text
    assert (await send(analyst, page)).heading == "Receipt"
    told = (await service.get(here, analyst.browser.cookies["saferplan"])).json()
    assert told["received"] >= len(empty)


async def test_a_template_of_another_agency_is_not_there(analyst: Visitor) -> None:
    await analyst.get("/returns/2017-18-Q2~bradford-council/template.xlsx", status=404)


async def test_what_was_read_and_what_was_not_stands_on_preview_and_receipt(
    analyst: Visitor, service: Service
) -> None:
    def work(book: Any) -> None:
        sheet = fill(
            book, [HEADINGS, ("asb-incidents", "Oct-17", 1201), ("asb-incidents", "2017-11", 9)], "Police"
        )
        sheet.set_row(2, options={"hidden": True})
        fill(book, [("Notes",)], "Notes")

    page = await choose(analyst, made(work), "figures.xlsx")
    assert page.heading == "Check before you send"
    receipt = await send(analyst, page)
    for shown in (page, receipt):
        assert "“Police”: 1 figure read. Row 3 is hidden or filtered out: not read." in shown.text
        assert "“Notes”: Not read: it has no row with the headings" in shown.text
        assert "Note: Cell B2: “Oct-17” is read as October 2017." in shown.text
        assert "This row is hidden or filtered out, and was not read." in shown.text


async def test_corrections_of_a_closed_quarter_ask_why_beside_the_button(
    administrator: Visitor, service: Service
) -> None:
    token = administrator.browser.cookies["saferplan"]
    for step in ("cut-off", "close"):
        answer = await service.post(f"/reporting-periods/2017-18-Q2/{step}", token, json={"note": ""})
        assert answer.status_code == 200, answer.text
    page = await choose(administrator, b"indicator,period,value\r\ndwelling-fires,2017-18-Q2,70\r\n")
    assert "These figures are of a closed quarter" in page.text
    page = await send(administrator, page, status=422)
    assert "#reason" in page.links()
    assert "Something has changed" not in page.text
    address = f"{page.response.url.path}"
    page = await administrator.submit(page, address, {"reason": "Recount"})
    assert page.heading == "Receipt"


async def test_a_receipt_of_what_was_there_already_says_so(analyst: Visitor) -> None:
    await send(analyst, await choose(analyst, GOOD))
    page = await send(analyst, await choose(analyst, GOOD))
    (line,) = page.rows()[1:]
    assert "No change" in line
    assert "1,201" in line
    assert "Figure since revised" not in page.text
