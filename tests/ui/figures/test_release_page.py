"""Who sees a figure: said by who may say it, and told in words to who may not see it yet."""

import pytest
from sqlmodel import select

from app.domain.access.authority import Role
from app.domain.period_text import parse_period
from app.models.plan.partnership import Partnership
from tests.bradford import ANALYST
from tests.build import PASSWORD, Service, make_person
from tests.ui.visitor import Visitor

CRIME = "/indicators/total-crime"
NEWEST = parse_period("2017-18-Q2").short_label
APPROVED = {"period": "2017-18-Q2", "audience": "board", "from_on": "2017-12-20", "reason": "Cleared today"}


@pytest.fixture
async def approver(visitor: Visitor, service: Service) -> Visitor:
    with service.writing() as session:
        here = session.exec(select(Partnership)).one()
        make_person(session, here, Role.APPROVER, email="approver@saferplan.example", name="Chair's deputy")
    await visitor.sign_in("approver@saferplan.example", PASSWORD)
    return visitor


async def test_a_reader_is_told_in_words(reader: Visitor) -> None:
    page = await reader.get(CRIME)
    assert "15,708" not in page.text
    assert f"{NEWEST}: not released yet" in page.text
    assert f"{NEWEST} not released yet [c]" in page.text
    assert "15,204" in page.text, "the quarter before is everybody's"
    assert "Who sees these figures" not in page.text
    assert f"{CRIME}/release" not in page.links()
    assert (await reader.get(f"{CRIME}/release", status=403)).heading == "You may not do that here"


async def test_an_approver_says_who_sees_it(approver: Visitor, service: Service) -> None:
    page = await approver.get(CRIME)
    assert "Unless an approval says otherwise, its figures are for the partnership." in page.text
    assert "Not yet" in page.text
    assert "15 January 2018" in page.text
    form = await approver.get(f"{CRIME}/release")
    page = await approver.submit(form, f"{CRIME}/release", APPROVED)
    assert "Your change is saved" in page.text
    assert "Cleared today" in page.text
    assert "Chair's deputy" in page.text


async def test_what_is_wrong_is_said_beside_its_field(approver: Visitor) -> None:
    form = await approver.get(f"{CRIME}/release")
    page = await approver.submit(form, f"{CRIME}/release", {"period": "", "reason": ""}, status=422)
    assert "Choose the figure's period" in page.text
    assert "Choose who may see it" in page.text
    page = await approver.submit(page, f"{CRIME}/release", {**APPROVED, "from_on": "2017-12-01"}, status=422)
    assert "Expected today or a later day" in page.text
    assert "Cleared today" in page.text, "what was typed is still there"


async def test_an_approver_changes_who_sees_all_of_them(approver: Visitor, service: Service) -> None:
    form = await approver.get("/indicators/asb-incidents/audience")
    changed = {"release_to": "board", "reason": "Agreed with the force"}
    page = await approver.submit(form, "/indicators/asb-incidents/audience", changed)
    assert "its figures are for the Board" in page.text


async def test_the_police_narrow_their_own(visitor: Visitor, service: Service) -> None:
    await visitor.sign_in(ANALYST, PASSWORD)
    form = await visitor.get(f"{CRIME}/release")
    await visitor.submit(form, f"{CRIME}/release", {**APPROVED, "audience": "submitter"})
    assert "15,708" in (await visitor.get(CRIME)).text
    assert (
        "/indicators/dwelling-fires/release" not in (await visitor.get("/indicators/dwelling-fires")).links()
    )
