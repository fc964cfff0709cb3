from typing import Any

import pytest

from tests.bradford import SUPPLIER
from tests.build import PASSWORD, Service
from tests.ui.page import text_of, values_of
from tests.ui.visitor import Visitor

NEW = "/indicators/asb-incidents/figures/new"
GOOD = b"indicator,period,value,status,note\r\nasb-incidents,2017-10,1201,provisional,\r\n"


async def stored(visitor: Visitor, service: Service, **params: str) -> list[dict[str, Any]]:
    return await service.items("/figures", visitor.browser.cookies["saferplan"], **params)


async def test_a_figure_is_sent_by_form(analyst: Visitor, service: Service) -> None:
    page = await analyst.get(NEW)
    page = await analyst.submit(page, NEW, {"period": "2017-10", "value": "1,201", "note": "Late reports"})
    assert page.heading == "Receipt"
    assert "Your figures have been received" in page.text
    found = await stored(analyst, service, indicator="asb-incidents", period="2017-10")
    assert [(f["value"], f["note"]) for f in found] == [(1201, "Late reports")]


async def test_the_same_button_pressed_twice_sends_once(analyst: Visitor, service: Service) -> None:
    page = await analyst.get(NEW)
    fields = {"period": "2017-10", "value": "1201", "note": "One month"}
    first = await analyst.submit(page, NEW, fields)
    second = await analyst.submit(page, NEW, fields)
    assert first.response.url == second.response.url


MISTYPED = {"period": "2016-17-Q4", "value": "34400", "reason": "Recounted"}


async def test_a_figure_that_stands_out_is_asked_about_before_it_is_sent(
    analyst: Visitor, service: Service
) -> None:
    page = await analyst.submit(await analyst.get(NEW), NEW, MISTYPED)
    assert page.heading == "Send a figure"
    assert "34,400 is about 10 times what this series was last" in page.text
    assert [
        f["value"] for f in await stored(analyst, service, period="2016-17-Q4", indicator="asb-incidents")
    ] == [3440]
    page = await analyst.submit(page, NEW, {"value": "9000"})
    assert page.heading == "Send a figure", "another figure is another question"
    assert "2016/17 says 15,487, and its 4 quarters come to 21,047." in page.text
    page = await analyst.submit(page, NEW, {"note": "Counted with the neighbours'"})
    assert page.heading == "Receipt"
    assert "come to 21,047. There is a note with it." in page.text


async def test_what_was_asked_about_can_be_sent_as_it_is(analyst: Visitor) -> None:
    page = await analyst.submit(await analyst.get(NEW), NEW, MISTYPED)
    page = await analyst.submit(page, NEW)
    assert page.heading == "Receipt"
    assert "say why in “note”" in page.text


async def test_a_preview_says_how_many_rows_are_asked_about(analyst: Visitor) -> None:
    page = await analyst.get("/figures/upload")
    page = await analyst.submit(page, "/figures/upload", file=("q3.csv", GOOD))
    assert "1 row below has something to check" in page.text


async def test_a_figure_is_revised_only_with_a_reason(analyst: Visitor, service: Service) -> None:
    page = await analyst.get("/indicators/asb-incidents")
    link = next(link for link in page.links() if "/figures/new?figure=" in link)
    page = await analyst.get(link)
    assert page.heading == "Revise a figure"
    page = await analyst.submit(page, NEW, {"value": "3999"}, status=422)
    reason = next(e for e in page.all("p") if e.get("id") == "reason-error")
    assert text_of(reason)
    assert page.heading == "Revise a figure"
    page = await analyst.submit(page, NEW, {"reason": "Two recoded as crimes"})
    assert page.heading == "Receipt"
    assert "Revised" in page.text


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"period": "", "value": "1"}, "period", "Enter the period"),
        ({"period": "2017-18-Q5", "value": "1"}, "period", "Q"),
        ({"period": "2017-10", "value": ""}, "value", "Enter the figure"),
        ({"period": "2017-10", "value": "about twelve"}, "value", "number"),
        ({"period": "2017-10", "value": "12.5"}, "value", ""),
        ({"period": "2018-19", "value": "1"}, "period", ""),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    analyst: Visitor, fields: dict[str, str], field: str, said: str
) -> None:
    page = await analyst.submit(await analyst.get(NEW), NEW, fields, status=422)
    message = next(e for e in page.all("p") if e.get("id") == f"{field}-error")
    assert said in text_of(message)
    kept = next(e for e in page.all("input") if e.get("name") == field)
    assert kept.get("value", "") == fields[field]


@pytest.mark.parametrize(
    ("indicator", "typed", "advice"),
    [
        ("asb-incidents", "43%", "Write 43 without %."),
        ("asb-incidents", "15 48", "such as 1548."),
        ("asb-incidents", "1,2345", "such as 12345."),
        ("asb-incidents", "5/10", "A count is one number, not a share of another"),
        ("asb-incidents", "(12)", "A count is never below zero."),
        ("police-satisfaction", "£75", "Write it as 75."),
        ("police-satisfaction", "5/10", "Write 5 in “How many” and 10 in “Out of how many”."),
    ],
)
async def test_what_is_no_number_of_the_indicator_is_refused_with_what_to_write(
    officer: Visitor, service: Service, indicator: str, typed: str, advice: str
) -> None:
    """Nothing is made a number by leaving out what stands beside its digits; what the advice names is in the form."""
    new = f"/indicators/{indicator}/figures/new"
    before = await stored(officer, service, indicator=indicator)
    page = await officer.get(new)
    page = await officer.submit(page, new, {"period": "2017-18-Q2", "value": typed}, status=422)
    message = next(text_of(e) for e in page.all("p") if e.get("id") == "value-error")
    assert advice in message
    labels = {text_of(each) for each in page.all("label")}
    assert {label for label in ("How many", "Out of how many") if f"“{label}”" in message} <= labels
    assert await stored(officer, service, indicator=indicator) == before


async def test_the_summary_names_what_is_wrong_in_the_order_of_the_form(analyst: Visitor) -> None:
    page = await analyst.submit(await analyst.get(NEW), NEW, {"period": "", "value": "many"}, status=422)
    summary = next(e for e in page.all("div") if e.get("class") == "govuk-error-summary")
    assert [link.get("href") for link in summary.iter("a")] == ["#period", "#value"]


async def test_the_period_that_is_owed_is_filled_in_unless_another_is_asked_for(
    analyst: Visitor, service: Service
) -> None:
    listed = await service.items("/indicators", analyst.browser.cookies["saferplan"])
    owed = {item["code"]: item["owed"] for item in listed}
    assert owed["repeat-domestic-abuse"]
    assert owed["asb-incidents"] is None
    for code, asked, shown in (
        ("repeat-domestic-abuse", "", owed["repeat-domestic-abuse"]["period"]),
        ("repeat-domestic-abuse", "?period=2017-18", "2017-18"),
        ("repeat-domestic-abuse", "?period=", ""),
        ("asb-incidents", "", ""),
    ):
        address = f"/indicators/{code}/figures/new"
        page = await analyst.get(address + asked)
        assert values_of(page.form(address))["period"] == shown


async def test_a_receipt_names_what_each_row_was_about(analyst: Visitor, service: Service) -> None:
    rows = [
        {"indicator": "asb-incidents", "period": "2017-10", "value": 1201},
        {"indicator": "asb-incidents", "period": "2017-11", "value": -5},
        {"indicator": "asb-incidentz", "period": "2017-11", "value": 5},
    ]
    token = analyst.browser.cookies["saferplan"]
    sent = await service.post("/figures?mode=partial", token, json={"figures": rows})
    address = f"/receipts/{sent.json()['id']}"
    again = {**rows[0], "value": 1202, "reason": "Recounted"}
    await service.post("/figures", token, json={"figures": [again]})
    page = await analyst.get(address)
    revised, negative, unknown = page.rows()[1:]
    assert "Anti-social behaviour incidents" in revised
    assert "Figure since revised" in revised
    assert "October 2017" in revised
    assert "sent: 1,201" in revised
    assert "Anti-social behaviour incidents" in negative
    assert "November 2017" in negative
    assert "sent: -5" in negative
    assert "Did you mean “asb-incidents”?" in unknown
    assert page.links().count("/indicators/asb-incidents") == 2


async def test_another_agency_s_figure_is_refused(analyst: Visitor) -> None:
    page = await analyst.get("/indicators/dwelling-fires/figures/new", status=403)
    assert page.heading == "You may not do that here"


async def test_a_figure_of_another_length_is_shown_when_asked_for(analyst: Visitor) -> None:
    fields = {"period": "2017-10", "value": "1201", "note": "One month"}
    await analyst.submit(await analyst.get(NEW), NEW, fields)
    page = await analyst.get("/indicators/asb-incidents")
    assert not any(row.startswith("October 2017") for row in page.rows())
    page = await analyst.submit(page, "/indicators/asb-incidents", {"by": "month"})
    assert any(row.startswith("October 2017") and "1,201" in row for row in page.rows())
    assert "1 figure" in page.text


async def test_what_is_owed_comes_first_with_its_period_filled_in(analyst: Visitor) -> None:
    page = await analyst.get("/figures")
    owed = [row for row in page.rows() if "nothing sent" in row or "awaited" in row]
    assert owed
    assert page.rows()[1 : 1 + len(owed)] == owed
    link = next(link for link in page.links() if "/figures/new?period=" in link)
    form = await analyst.get(link)
    period = next(e for e in form.all("input") if e.get("name") == "period")
    assert period.get("value") == link.rpartition("=")[2].replace("%2F", "/")


async def test_receipts_come_newest_first_a_part_at_a_time(
    analyst: Visitor, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.pages.figures.submission.SHEET_SIZE", 2)
    token = analyst.browser.cookies["saferplan"]
    for month in ("2017-08", "2017-09", "2017-10"):
        figure = {"indicator": "asb-incidents", "period": month, "value": 1}
        await service.post("/figures", token, json={"figures": [figure]})
    ids = [receipt["id"] for receipt in await service.items("/submissions", token)]
    page, seen = await analyst.get("/receipts"), []
    while True:
        seen += [link.rpartition("/")[2] for link in page.links() if link.startswith("/receipts/")]
        older = [a.get("href") for a in page.all("a") if text_of(a) == "Older"]
        if not older:
            break
        page = await analyst.get(str(older[0]))
        assert "Newest" in page.text
    assert seen == ids[::-1]
    assert len(seen) >= 3


async def test_receipts_are_kept_newest_first(analyst: Visitor) -> None:
    for month, value in (("2017-10", "1201"), ("2017-11", "1150")):
        fields = {"period": month, "value": value, "note": "One month"}
        await analyst.submit(await analyst.get(NEW), NEW, fields)
    page = await analyst.get("/receipts")
    links = [link for link in page.links() if link.startswith("/receipts/")]
    assert len(links) == 2
    newest = await analyst.get(links[0])
    assert any("November 2017" in row and "1,150" in row for row in newest.rows())


async def test_sending_begins_with_what_one_may_send(analyst: Visitor) -> None:
    page = await analyst.get("/figures")
    links = page.links()
    assert "/indicators/asb-incidents/figures/new" in links
    assert "/indicators/dwelling-fires/figures/new" not in links


async def test_who_supplies_another_agency_s_figures_is_offered_them(visitor: Visitor) -> None:
    await visitor.sign_in(SUPPLIER, PASSWORD)
    links = (await visitor.get("/figures")).links()
    assert NEW in links
    fields = {"period": "2017-10", "value": "1201", "note": "One month"}
    page = await visitor.submit(await visitor.get(NEW), NEW, fields)
    assert page.heading == "Receipt"


async def test_text_that_a_spreadsheet_would_run_and_markup_are_shown_as_text(officer: Visitor) -> None:
    note = "<script>alert('x')</script>"
    fields = {"period": "2017-18-Q2", "value": "4000", "note": note, "reason": "=1+1"}
    page = await officer.submit(await officer.get(NEW), NEW, fields)
    assert page.heading == "Receipt"
    page = await officer.get("/indicators/asb-incidents")
    assert note in page.text
    assert "=1+1" in page.text
    assert note not in page.response.text
