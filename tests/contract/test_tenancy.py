"""Another partnership's things are not there: whoever asks for one gets what they would get for nothing at all."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import select

from app.api.routes import ROUTES
from app.api.server.access import PUBLIC
from app.domain.access.authority import Role
from app.models.plan.partnership import Agency
from tests.build import Service, make_person
from tests.contract.walk import code_in, example_for, method_of, path_of
from tests.town import EVIDENCE_SHA256, Town

READS = [
    route for route in ROUTES if method_of(route) == "GET" and (method_of(route), route.path) not in PUBLIC
]
THEIRS = (
    "town",
    "Town",
    "E08000032",
    "asb-",
    "analysts",
    "police",
    "commissioner",
    "Keeping people safe",
    "plan document",
)


@dataclass(frozen=True)
class Thing:
    """A path parameter's value that the town has, and one that nobody has."""

    there: str
    nowhere: str


THINGS = {
    "figure_id": Thing("1", "999999"),
    "submission_id": Thing("1", "999999"),
    "upload_id": Thing("1", "999999"),
    "key_id": Thing("1", "999999"),
    "message_id": Thing("1", "999999"),
    "user_id": Thing("1", "999999"),
    "period": Thing("2017-18-Q2", "1999-00-Q2"),
    "reference": Thing("G1", "no-such"),
    "number": Thing("1", "999999"),
    "return_id": Thing("2017-18-Q2~council", "2017-18-Q2~nobody"),
    "sha256": Thing(EVIDENCE_SHA256, "0" * 64),
}


async def addresses(service: Service, town: Town, path: str) -> tuple[str, str]:
    """The route's address with the town's thing in it, and with nobody's."""
    there = nowhere = path
    for name in re.findall(r"{(\w+)}", path):
        thing = THINGS.get(name) or Thing(await code_in(service, town.admin, path), "no-such")
        there, nowhere = (
            there.replace(f"{{{name}}}", thing.there),
            nowhere.replace(f"{{{name}}}", thing.nowhere),
        )
    return there, nowhere


async def address_of(service: Service, town: Town, path: str) -> str:
    """The route's address with the town's thing in it, where it takes one."""
    return (await addresses(service, town, path))[0] if "{" in path else path


async def prepare(service: Service, town: Town, path: str) -> None:
    """Makes what a town does not have from the beginning."""
    if path.endswith("/snapshot"):
        cut_off = await service.post("/reporting-periods/2017-18-Q2/cut-off", town.admin, json={})
        assert cut_off.status_code == 200, cut_off.text


def alike(document: dict[str, Any]) -> dict[str, Any]:
    """A problem without what tells two requests apart: its id and the name that was asked for."""
    text = re.sub(r"“[^”]*”", "“…”", document["detail"])
    return {**document, "request_id": "", "detail": text}


async def write_message(service: Service, town: Town) -> None:
    """A reminder to somebody of the town's."""
    with service.writing() as session:
        agency = session.exec(select(Agency).where(Agency.code == "police")).one()
        make_person(session, town.partnership, Role.CONTRIBUTOR, agency=agency)
    assert (await service.post("/returns/2017-18-Q2~police/remind", town.staff)).status_code == 201


async def release_fires(service: Service, town: Town) -> None:
    """An approval to show a figure of the administrator's own agency."""
    sent = {"indicator": "dwelling-fires", "period": "2017-18-Q2", "audience": "public"}
    made = await service.post(
        "/releases", town.admin, json={**sent, "from_on": "2017-12-20", "reason": "counted twice"}
    )
    assert made.status_code == 201, made.text


@pytest.mark.parametrize("route", [each for each in READS if "{" in path_of(each)], ids=path_of)
async def test_one_of_theirs_is_as_if_absent(one_service: Service, one_town: Town, route: Any) -> None:
    there, nowhere = await addresses(one_service, one_town, path_of(route))
    await prepare(one_service, one_town, path_of(route))
    theirs = await one_service.get(there, one_town.stranger)
    absent = await one_service.get(nowhere, one_town.stranger)
    assert (theirs.status_code, absent.status_code) == (404, 404), theirs.text
    assert alike(theirs.json()) == alike(absent.json())
    assert theirs.headers.keys() == absent.headers.keys()
    if "user_id" not in path_of(route):
        assert (await one_service.get(there, one_town.admin)).status_code == 200, "it is there for its own"


@pytest.mark.parametrize("route", [each for each in READS if "{" not in path_of(each)], ids=path_of)
async def test_no_list_names_them(one_service: Service, one_town: Town, route: Any) -> None:
    if path_of(route) == "/messages":
        await write_message(one_service, one_town)
    if path_of(route) == "/releases":
        await release_fires(one_service, one_town)
    answer = await one_service.get(path_of(route), one_town.stranger)
    assert answer.status_code in (200, 404)
    assert not [word for word in THEIRS if word in answer.text]
    own = await one_service.get(path_of(route), one_town.admin)
    assert own.status_code == 200
    if path_of(route) == "/returns/summary":
        assert own.json()["quarters"]
    elif path_of(route) not in ("/me", "/users", "/mail", "/metrics"):
        assert own.json()["items"], "there is something they might have been shown"
        assert [each for each in answer.json().get("items", []) if each in own.json()["items"]] == []


@pytest.mark.parametrize("route", READS, ids=path_of)
async def test_their_code_narrows_to_nothing(still_service: Service, still_town: Town, route: Any) -> None:
    address = await address_of(still_service, still_town, path_of(route))
    theirs = await still_service.get(address, still_town.stranger, params={"partnership": "town"})
    absent = await still_service.get(address, still_town.stranger, params={"partnership": "no-such"})
    assert (theirs.status_code, absent.status_code) == (404, 404), theirs.text
    assert alike(theirs.json()) == alike(absent.json())


@pytest.mark.parametrize(
    "route",
    [each for each in ROUTES if method_of(each) != "GET" and "{" in path_of(each)],
    ids=lambda route: f"{method_of(route)} {path_of(route)}",
)
async def test_none_of_theirs_can_be_changed(still_service: Service, still_town: Town, route: Any) -> None:
    there, nowhere = await addresses(still_service, still_town, path_of(route))
    method = method_of(route)
    headers = {"If-Match": "*"}
    body = example_for(route)
    before = still_service.gateway.app.state.database
    with before.read() as session:
        seq = session.info["seq"]
    theirs = await still_service.ask(method, there, still_town.stranger, json=body, headers=headers)
    absent = await still_service.ask(method, nowhere, still_town.stranger, json=body, headers=headers)
    assert (theirs.status_code, absent.status_code) == (404, 404), theirs.text
    assert alike(theirs.json()) == alike(absent.json())
    with before.read() as session:
        assert session.info["seq"] == seq, "nothing was changed"


def test_every_route_is_walked() -> None:
    assert {path_of(each).split("/")[1] for each in READS} == {
        path_of(each).split("/")[1] for each in ROUTES if method_of(each) == "GET"
    } - {"health", "ready", "openapi.json"}
