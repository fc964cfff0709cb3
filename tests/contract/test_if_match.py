"""Every change of one thing asks for If-Match: nobody overwrites what they have not read."""

from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlmodel import select

from app.api.routes import ROUTES
from app.domain.access.authority import Role
from app.models.plan.partnership import Agency, Partnership
from tests.build import Service, assert_problem, make_key, make_person
from tests.contract.walk import code_in, example_for, method_of, path_of
from tests.town import EVIDENCE_SHA256, Town

ONE_S_OWN = {("DELETE", "/sessions/current")}
"""Nobody else can have changed it."""
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("PATCH", "/reporting-periods/{period}"): {"board_on": "2018-02-20"},
    ("PUT", "/returns/{return_id}/draft"): {"rows": []},
    ("PATCH", "/indicators/{code}"): {"title": "Reports of antisocial behaviour", "reason": "As it is known"},
    ("PUT", "/groups/{code}/members"): {
        "members": [{"post": code} for code in ("portfolio-holder", "area-commander", "health-lead")]
    },
    ("PATCH", "/allocations/{code}"): {"revenue": 9000, "reason": "The funder's letter"},
    ("PUT", "/grants/{reference}"): {
        "reference": "G2",
        "recipient": "police",
        "purpose": "Visits",
        "starts": "2017-04-01",
        "ends": "2018-03-31",
        "allocations": [{"code": "safety-2017-18"}],
        "lines": [{"title": "Workers", "amount": 100}],
    },
    ("PATCH", "/users/{user_id}"): {"name": "Somebody Else"},
}
"""What would be taken, by route, where the published example would not be here."""
DECIDING = frozenset(
    {
        "/meetings/{code}/hold",
        "/meetings/{code}/cancel",
        "/meetings/{code}/inquorate",
        "/decisions/{code}/ratify",
        "/recommendations/{code}/answer",
    }
)
"""POST steps that decide (contract.md), by path."""
CHANGES = [
    route
    for route in ROUTES
    if (
        method_of(route) in ("PATCH", "PUT", "DELETE") and (method_of(route), path_of(route)) not in ONE_S_OWN
    )
    or path_of(route) in DECIDING
]


@pytest.mark.parametrize("route", CHANGES, ids=lambda route: f"{method_of(route)} {path_of(route)}")
async def test_a_change_asks_for_what_was_read(service: Service, town: Town, route: APIRoute) -> None:
    """428 without it, 412 for another version; with it the same request goes through."""
    names = ids(service)
    if "{code}" in path_of(route):
        names["code"] = await code_in(service, town.admin, path_of(route))
    address = path_of(route).format(**names)
    body = BODIES.get((method_of(route), path_of(route)), example_for(route))
    token = town.analysts if "draft" in address else town.admin
    sent = {} if body is None else {"json": body}
    assert_problem(await service.ask(method_of(route), address, token, **sent), 428, "if_match_required")
    for value, status in (('"v987654"', 412), ("*", 204 if body is None else 200)):
        answer = await service.ask(method_of(route), address, token, **sent, headers={"If-Match": value})
        assert answer.status_code == status, answer.text


STEPS = [
    route
    for route in ROUTES
    if method_of(route) == "POST"
    and hasattr(route.endpoint, "step")
    and path_of(route) != "/uploads/{upload_id}/submit"
]
"""Every route that takes a step, but for an upload's, which names its version as a parameter."""
NOT_REQUIRED = [
    route
    for route in STEPS
    if path_of(route).startswith(("/returns/", "/reporting-periods/", "/local-issues/"))
    or path_of(route)
    in ("/recommendations/{code}/progress", "/recommendations/{code}/reopen", "/rounds/{code}/appraisals")
]
"""Steps that honour If-Match and do not ask for it."""
OF_THE_AGENCY = ("/returns/{return_id}/sign-off", "/returns/{return_id}/answer")


@pytest.mark.parametrize("route", STEPS, ids=lambda route: path_of(route))
async def test_a_step_on_what_has_moved_is_refused(
    one_service: Service, one_town: Town, route: APIRoute
) -> None:
    """412 for another version than what stands; without If-Match the step goes on, or is asked for it."""
    names = ids(one_service) | {"reference": "G1", "number": "1"}
    if "{code}" in path_of(route):
        names["code"] = await code_in(one_service, one_town.admin, path_of(route))
    address, body = path_of(route).format(**names), example_for(route)
    arguments = {} if body is None else {"json": body}
    token = one_town.analysts if path_of(route) in OF_THE_AGENCY else one_town.admin
    stale = await one_service.post(address, token, **arguments, headers={"If-Match": '"v987654"'})
    assert_problem(stale, 412, "changed_meanwhile")
    answer = await one_service.post(address, token, **arguments)
    assert answer.status_code != 412
    assert (answer.status_code == 428) is (route not in NOT_REQUIRED)


def ids(service: Service) -> dict[str, str]:
    """A thing of each kind that may be changed."""
    with service.writing() as session:
        town = session.exec(select(Partnership).where(Partnership.code == "town")).one()
        person = make_person(session, town, Role.READER)
        agency = session.exec(select(Agency).where(Agency.code == "police")).one()
        key = make_key(session, town, agency=agency)
        return {
            "key_id": str(key.key.id),
            "reference": "G2",
            "period": "2017-18-Q2",
            "return_id": "2017-18-Q2~analysts",
            "sha256": EVIDENCE_SHA256,
            "user_id": str(person.id),
        }
