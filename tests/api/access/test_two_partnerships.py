"""Somebody with different roles in two partnerships: what one gives them opens nothing in the other."""

import pytest

from app.commands.access import person
from app.commands.access.person import PartnershipRole
from app.commands.change import Change
from app.document.load.load import load
from app.document.read import parse_document
from app.domain.access.authority import Role
from tests.build import (
    BUILDER,
    TODAY,
    Service,
    assert_problem,
    change_in,
    make_agency,
    make_partnership,
    make_person,
    make_token,
)
from tests.town import DOCUMENT, NOW, Town


@pytest.fixture
def token(one_service: Service, one_town: Town) -> str:
    """An officer next door, with a plan of its own there, who is a funder's reader in the town."""
    with one_service.writing() as session:
        next_door = make_partnership(session, "next-door")
        make_agency(session, next_door, code="neighbours")
        theirs = DOCUMENT.replace("code: town,", "code: next-door,").replace("code: plan\n", "code: theirs\n")
        load(
            Change(session, BUILDER, None, TODAY, NOW),
            parse_document(theirs.replace("E08000032", "next-door-area")),
            partnerships_allowed=None,
        )
        officer = make_person(session, next_door, Role.OFFICER, email="both@agency.example")
        change = change_in(session, one_town.partnership)
        person.invite(change, "both@agency.example", "Officer", PartnershipRole(Role.FUNDER))
        return make_token(session, officer)


async def test_no_document_of_a_plan_that_is_only_read(one_service: Service, token: str) -> None:
    """The document holds every figure, those of people too."""
    assert (await one_service.get("/plans/theirs/document", token)).status_code == 200
    assert (await one_service.get("/plans/plan", token)).status_code == 200
    assert_problem(await one_service.get("/plans/plan/document", token), 404, "not_found")


async def test_no_target_in_anothers_plan(one_service: Service, token: str) -> None:
    seen = await one_service.get("/indicators/asb-incidents", token, params={"partnership": "next-door"})
    answer = await one_service.ask(
        "PATCH",
        "/indicators/asb-incidents",
        token,
        params={"plan": "plan"},
        json={"reason": "Mistaken", "target": {"words": "Fewer than 1"}},
        headers={"If-Match": seen.headers["etag"]},
    )
    assert_problem(answer, 404, "not_found")


@pytest.mark.parametrize("path", ["/indicators", "/indicators/asb-incidents", "/priorities", "/targets"])
async def test_a_plan_is_looked_for_in_the_partnership_named(
    one_service: Service, token: str, path: str
) -> None:
    own = {"partnership": "next-door", "plan": "theirs"}
    assert (await one_service.get(path, token, params=own)).status_code == 200
    mixed = {"partnership": "next-door", "plan": "plan"}
    assert_problem(await one_service.get(path, token, params=mixed), 404, "not_found")
