"""The pages of funding: a fund's numbers, a grant with what its next payment waits for, and the steps."""

from sqlmodel import select

from app.domain.access.authority import Role
from app.models.plan.partnership import Partnership
from tests.build import PASSWORD, Service, make_person
from tests.ui.page import Page
from tests.ui.visitor import Visitor

NUMBERS = [
    ("Allocated", "£256,343.00"),
    ("Committed", "£231,200.00"),
    ("Awarded, not scheduled", "£14,900.85"),
    ("Paid, less repaid", "£137,399.15"),
    ("Spent", "not yet known"),
    ("Forecast outturn", "not yet known"),
    ("Underspend", "not yet known"),
    ("With groups, not yet awarded", "£3,550.00"),
    ("Not committed", "£21,593.00"),
]
"""In their fixed order."""


def row_of(page: Page, beginning: str) -> str:
    return next(row for row in page.rows() if row.startswith(beginning))


async def test_a_funds_numbers_in_order(officer: Visitor) -> None:
    page = await officer.get("/funding")
    rows = page.rows()
    start = next(place for place, row in enumerate(rows) if row.startswith("Allocated"))
    for (name, pounds), row in zip(NUMBERS, rows[start : start + len(NUMBERS)], strict=True):
        assert row.startswith(name), row
        assert pounds in row, row
    assert "years not said" in page.text.lower()
    assert "Send the report for 2017-18-Q2." in row_of(page, "Young people who live with domestic abuse")
    assert "of £14,500.00" in row_of(page, "Mediation for victims")


async def test_a_held_payment_says_what_is_needed(officer: Visitor) -> None:
    page = await officer.get("/grants/SSF-17-02")
    assert "Send the report for 2017-18-Q2." in page.text
    assert "what they have spent is not yet known" in page.text
    claims = await officer.get("/grants/SSF-17-04")
    row = row_of(claims, "2017-18-Q2")
    assert all(words in row for words in ("£5,486.75", "£5,186.75", "£3,912.40", "£14,900.85"))
    assert "likely, not certain" in (await officer.get("/grants/SSF-17-08")).text


async def test_from_a_proposal_to_a_payment(officer: Visitor, service: Service) -> None:
    with service.writing() as session:
        here = session.exec(select(Partnership)).one()
        make_person(session, here, Role.APPROVER, email="approver@saferplan.example", name="Chair")
    form = await officer.get("/grants/new")
    days = {"starts-day": "1", "starts-month": "1", "starts-year": "2018"}
    days |= {"ends-day": "31", "ends-month": "3", "ends-year": "2018"}
    filled = {
        "reference": "LOC-17-3",
        "recipient": "kerbside",
        "purpose": "Lights",
        "amount": "2,650.50",
        **days,
    }
    wrong = await officer.submit(form, "/grants/new", {**filled, "amount": "much"}, status=422)
    assert "Choose the money that pays it" in wrong.text
    filled["source"] = "delegation local-awards-2017-18"
    page = await officer.submit(form, "/grants/new", filled)
    assert "Your change is saved" in page.text
    assert "Award it" not in page.text

    here_ = "/grants/LOC-17-3"
    async with Visitor(officer.ui) as approver:
        await approver.sign_in("approver@saferplan.example", PASSWORD)
        step = await approver.get(f"{here_}/steps/award")
        page = await approver.submit(step, f"{here_}/steps/award", {"text": "The group, 19 December"})
        assert "Offered" in page.text
        for name in ("accept", "start"):
            step = await officer.get(f"{here_}/steps/{name}")
            await officer.submit(step, f"{here_}/steps/{name}")
        planning = await officer.get(f"{here_}/payments/new")
        day = {"planned_on-day": "2", "planned_on-month": "1", "planned_on-year": "2018"}
        await officer.submit(planning, f"{here_}/payments/new", {"amount": "2650.50", **day})
        payment = f"{here_}/payments/1"
        assert "did not plan it has to authorise it" in (await officer.get(payment)).text
        await approver.submit(await approver.get(payment), f"{payment}/authorise")
    paid = {"paid_on-day": "20", "paid_on-month": "12", "paid_on-year": "2017", "ledger_reference": "BACS 1"}
    page = await officer.submit(await officer.get(payment), f"{payment}/paid", paid)
    assert "BACS 1" in page.text
    assert "£2,650.50" in row_of(await officer.get("/funding"), "Lights")


async def test_a_change_is_shown_as_a_difference_and_decided(administrator: Visitor) -> None:
    address = "/grants/SSF-17-05/variations/2"
    page = await administrator.get(address)
    assert "£30,000.00 before, £28,500.00 after" in page.text
    page = await administrator.submit(page, f"{address}/approve")
    assert "Your decision is saved" in page.text
    assert "£28,500.00" in (await administrator.get("/grants/SSF-17-05")).text


async def test_a_gate_is_waived_with_a_reason(administrator: Visitor) -> None:
    address = "/grants/SSF-17-02/payments/3"
    page = await administrator.get(address)
    without = await administrator.submit(page, f"{address}/waive", status=422)
    assert "Say why it is paid without" in without.text
    page = await administrator.submit(page, f"{address}/waive", {"reason": "Wages are due on Friday"})
    assert "Paid without, because: Wages are due on Friday" in page.text


async def test_a_groups_page_lists_its_grants(officer: Visitor) -> None:
    page = await officer.get("/groups/domestic-sexual-violence-board")
    assert "£52,000.00" in row_of(page, "Advocates for victims")


async def test_a_reader_sees_sums_and_no_payment(reader: Visitor) -> None:
    page = await reader.get("/grants/SSF-17-02")
    assert "None that you may read" in page.text
    assert "£14,250.00" in (await reader.get("/funding")).text


async def test_an_organisation_is_added_and_found_for_a_grant(officer: Visitor) -> None:
    address = "/funding/organisations/new"
    form = await officer.get(address)
    filled = {"name": "Holme Lane Residents", "code": "holme-lane", "charity": "12"}
    wrong = await officer.submit(form, address, filled, status=422)
    assert "six or seven digits" in wrong.text
    added = await officer.submit(wrong, address, {"charity": "1 000 001"})
    assert "Charity number 1000001" in row_of(added, "Holme Lane Residents")
    again = await officer.submit(form, address, filled | {"code": "lane", "charity": "1000001"}, status=422)
    assert "Holme Lane Residents (holme-lane) has the charity number 1000001" in again.text
    assert "Holme Lane Residents" in (await officer.get("/grants/new")).text


async def test_a_reader_sees_the_organisations_and_adds_none(reader: Visitor) -> None:
    page = await reader.get("/funding/organisations")
    assert row_of(page, "Thornbeck").endswith("1")
    assert "/funding/organisations/new" not in page.links()
