"""The pages of a round: its call, applications, a panel's score form, the decide page, and a grant at the end."""

import pytest
from sqlmodel import select

from app.domain.access.authority import Role
from app.models.plan.partnership import Agency, Partnership
from tests.bradford import OFFICER, READER
from tests.build import PASSWORD, Service, make_person
from tests.ui.page import Page
from tests.ui.visitor import Visitor

ROUND = "/funding/rounds/streets"
CLOSED = "/funding/rounds/community-safety-2017-18"


def row_of(page: Page, beginning: str) -> str:
    return next(row for row in page.rows() if row.startswith(beginning))


def days(name: str, day: int, month: int, year: int) -> dict[str, str]:
    return {f"{name}-day": str(day), f"{name}-month": str(month), f"{name}-year": str(year)}


async def test_a_round_shows_asked_score_awarded_and_what_is_next(officer: Visitor) -> None:
    page = await officer.get("/funding/rounds")
    assert "£288,100.00" in row_of(page, "Community safety grants, 2017/18")
    assert "£232,000.00" in row_of(page, "Community safety grants, 2017/18")
    page = await officer.get(CLOSED)
    assert "£232,000.00 is awarded. £288,100.00 was asked for" in page.text
    row = row_of(page, "Thornbeck Domestic Abuse Service")
    assert all(words in row for words in ("£58,000.00", "£52,000.00", "Part approved", "Nothing more"))
    assert "First in line if money is released" in row_of(page, "Kerbside Safer Driving")
    assert "Ten grants are awarded and one application is held in reserve" in page.text
    assert "£12,000.00 in other years" in row_of(page, "Two Streets Conversations")
    one = await officer.get("/funding/applications/A01")
    assert "£52,000.00 is awarded, of £58,000.00 that was asked for." in one.text


async def test_a_round_from_its_call_to_a_grant(officer: Visitor, service: Service) -> None:
    with service.writing() as session:
        here = session.exec(select(Partnership)).one()
        agencies = {each.code: each for each in session.exec(select(Agency))}
        for email, role, agency in (
            ("approver@saferplan.example", Role.APPROVER, "bradford-council"),
            ("panel@saferplan.example", Role.OFFICER, "west-yorkshire-police"),
            ("provider@saferplan.example", Role.CONTRIBUTOR, "kerbside"),
        ):
            make_person(session, here, role, email=email, agency=agencies[agency], name=role.value)

    form = await officer.get("/funding/rounds/new")
    call = {
        "code": "streets",
        "title": "Streets",
        "fund": "community-safety",
        "financial_year": "2017-18",
        "criteria": "Evidence of need * 2\nFits the plan",
        **days("opens_on", 1, 12, 2017),
        **days("closes_on", 31, 12, 2017),
    }
    wrong = await officer.submit(form, "/funding/rounds/new", {**call, "closes_on-year": "2016"}, status=422)
    assert "It would close before it opens" in wrong.text
    page = await officer.submit(form, "/funding/rounds/new", call)
    assert "Your change is saved" in page.text

    async with Visitor(officer.ui) as provider:
        await provider.sign_in("provider@saferplan.example", PASSWORD)
        for title, amount in (("Calm streets", "2,000"), ("Lights", "900.50")):
            await apply(provider, title, amount)
        listed = await provider.get("/funding/rounds")
        assert "Submitted" in row_of(listed, "Calm streets")
    for code in ("streets-1", "streets-2"):
        step = await officer.get(f"/funding/applications/{code}/steps/assess")
        await officer.submit(step, f"/funding/applications/{code}/steps/assess")

    async with Visitor(officer.ui) as panel:
        await panel.sign_in("panel@saferplan.example", PASSWORD)
        sheet = await panel.get(f"{ROUND}/scores")
        scores = {"score-streets-1-c1": "4", "score-streets-1-c2": "3", "score-streets-2-c1": "2"}
        wrong = await panel.submit(
            sheet, f"{ROUND}/scores", {**scores, "score-streets-2-c1": "9"}, status=422
        )
        assert "A score is from 0 to 5" in wrong.text
        page = await panel.submit(sheet, f"{ROUND}/scores", scores)
        assert "11 of 15" in row_of(page, "Kerbside Safer Driving")

    async with Visitor(officer.ui) as approver:
        await approver.sign_in("approver@saferplan.example", PASSWORD)
        sheet = await approver.get(f"{ROUND}/decide")
        decided = {
            "outcome-streets-1": "part",
            "amount-streets-1": "1,500",
            "reasons-streets-1": "One street",
            "outcome-streets-2": "full",
        }
        wrong = await approver.submit(sheet, f"{ROUND}/decide", decided, status=422)
        assert "Choose the meeting that decided it" in wrong.text
        decided["meeting"] = "board-2017-12-08"
        for outcome in ("full", "reserve", ""):
            other = {**decided, "outcome-streets-1": outcome}
            wrong = await approver.submit(sheet, f"{ROUND}/decide", other, status=422)
            assert "streets-1: choose “Award a part”, or clear the amount" in wrong.text, outcome
        page = await approver.submit(sheet, f"{ROUND}/decide", decided)
        assert "£2,400.50 is awarded" in page.text
        address = "/funding/applications/streets-1"
        grant = {"reference": "STR-1", "source": "allocation community-safety-2017-18"}
        grant |= {**days("starts", 1, 1, 2018), **days("ends", 31, 3, 2018)}
        page = await approver.submit(await approver.get(f"{address}/grant"), f"{address}/grant", grant)
        assert "£1,500.00" in page.text
        letter = {**days("told_on", 20, 12, 2017), "feedback": "Start small"}
        page = await approver.submit(await approver.get(f"{address}/letter"), f"{address}/letter", letter)
        assert "Start small" in page.text
    entries = await officer.get("/record?subject_kind=application&subject=streets-1")
    assert f'href="{address}"' in entries.response.text


async def apply(provider: Visitor, title: str, amount: str) -> None:
    """Writes an application and sends it."""
    form = await provider.get("/funding/applications/new")
    filled = {
        "round": "streets",
        "applicant": "kerbside",
        "title": title,
        "line-1": "A worker",
        "year-1": "2017-18",
    }
    wrong = await provider.submit(form, "/funding/applications/new", filled, status=422)
    assert "Enter the amount" in wrong.text
    page = await provider.submit(form, "/funding/applications/new", {**filled, "amount-1": amount})
    address = str(page.response.url.path)
    edit = await provider.get(f"{address}/edit")
    more = {"outcomes": "Calm\nLight", "source": "The ward", "source-amount": "50", "partner": "oldgate"}
    wrong = await provider.submit(edit, f"{address}/edit", more, status=422)
    assert "Enter the partner’s share" in wrong.text
    more |= {"percent": "40", "need": "Three complaints"}
    page = await provider.submit(edit, f"{address}/edit", more)
    assert "Kerbside Safer Driving 60%, Oldgate Tenants Together 40%" in page.text
    assert "The ward: £50.00, not secured" in page.text
    await provider.submit(await provider.get(f"{address}/steps/submit"), f"{address}/steps/submit")


@pytest.mark.parametrize("path", [CLOSED, "/funding/applications/A01"])
async def test_a_reader_sees_no_applications(reader: Visitor, path: str) -> None:
    await reader.get(path, status=404)


async def test_an_assessor_without_an_organisation_is_told_before_scoring(
    officer: Visitor, service: Service
) -> None:
    with service.writing() as session:
        here = session.exec(select(Partnership)).one()
        make_person(session, here, Role.OFFICER, email="nobody@saferplan.example")
    async with Visitor(officer.ui) as assessor:
        await assessor.sign_in("nobody@saferplan.example", PASSWORD)
        assert "You have no organisation here" in (await assessor.get(f"{CLOSED}/scores")).text


@pytest.mark.parametrize(("email", "is_linked"), [(OFFICER, True), (READER, False)])
async def test_a_decision_leads_to_its_round(visitor: Visitor, email: str, is_linked: bool) -> None:
    await visitor.sign_in(email, PASSWORD)
    page = await visitor.get("/decisions/board-2017-03-awards")
    assert ("What it decided: round community-safety-2017-18" in page.text) == is_linked
