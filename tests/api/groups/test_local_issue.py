"""Local issues over the API: added, edited, closed with what has changed, and reopened."""

from typing import Any

import pytest

from tests.build import Service, assert_problem
from tests.town import Town

HERE = "/local-issues/parks"
WHATEVER = {"If-Match": "*"}


async def test_one_is_read_with_its_area_and_its_steps(one_service: Service, one_town: Town) -> None:
    (issue,) = await one_service.items("/local-issues", one_town.staff)
    assert issue["area"] == {"code": "E05001341", "name": "Riverside"}
    assert (issue["state_label"], issue["group"], issue["may"]) == ("Open", None, ["close"])
    assert (await one_service.get(HERE, one_town.staff)).json() == issue
    assert (await one_service.get(HERE, one_town.funder)).json() == {**issue, "may": []}


async def test_one_is_added_edited_closed_and_reopened(service: Service, town: Town) -> None:
    body = {"title": "Bikes on the old railway", "raised_on": "2017-10-02", "group": "board"}
    added = await service.post("/local-issues", town.staff, json=body)
    assert added.status_code == 201, added.text
    here = "/local-issues/local-issue-1"
    assert added.headers["Location"] == f"/api/v1{here}"
    assert added.json()["group"]["name"] == "Community Safety Board"
    patch = {"done": "Gates put up", "group": None}
    edited = await service.ask("PATCH", here, town.staff, json=patch, headers=WHATEVER)
    assert (edited.json()["done"], edited.json()["group"]) == ("Gates put up", None)
    closed = await service.post(f"{here}/close", town.staff, json={"changed": "No calls since"})
    out = closed.json()
    assert (out["state"], out["closed_on"], out["may"]) == ("closed", "2017-12-20", ["reopen"])
    again = await service.post(f"{here}/close", town.staff, json={"changed": "Again"})
    assert_problem(again, 409, "closed")
    reopened = await service.post(f"{here}/reopen", town.staff, json={"reason": "They are back"})
    assert (reopened.json()["state"], reopened.json()["closed_on"]) == ("open", None)
    assert_problem(
        await service.post(f"{here}/reopen", town.staff, json={"reason": "Why"}), 409, "not_closed"
    )
    events = await service.items("/audit-events", town.staff, subject_kind="local_issue")
    verbs = [each["action"].removeprefix("local issue ") for each in events]
    assert verbs == ["added", "edited", "closed", "reopened"]
    assert events[1]["data"]["after"] == patch


@pytest.mark.parametrize(
    ("path", "body", "code", "field"),
    [
        ("", {"title": "A", "area": "nowhere"}, "unknown_area", "area"),
        ("", {"title": "A", "group": "nobody"}, "unknown_group", "group"),
        ("", {"title": "A", "code": "parks"}, "code_taken", "code"),
        ("/parks/close", {"changed": "", "closed_on": None}, "invalid", "changed"),
        ("/parks/close", {"changed": "Fewer", "closed_on": "2017-12-21"}, "in_future", "closed_on"),
    ],
)
async def test_what_is_refused(
    one_service: Service, one_town: Town, path: str, body: dict[str, Any], code: str, field: str
) -> None:
    answer = await one_service.post(f"/local-issues{path}", one_town.staff, json=body)
    problem = assert_problem(answer, 422, code)
    assert problem["errors"][0]["field"] == field


async def test_it_is_not_closed_before_it_was_raised(service: Service, town: Town) -> None:
    await service.ask("PATCH", HERE, town.staff, json={"raised_on": "2017-10-02"}, headers=WHATEVER)
    early = {"changed": "Fewer calls", "closed_on": "2017-10-01"}
    assert_problem(await service.post(f"{HERE}/close", town.staff, json=early), 422, "before_raised")


async def test_who_only_reads_changes_none(one_service: Service, one_town: Town) -> None:
    added = await one_service.post("/local-issues", one_town.funder, json={"title": "A"})
    assert_problem(added, 403, "forbidden")
    answer = await one_service.ask("PATCH", HERE, one_town.funder, json={}, headers=WHATEVER)
    assert_problem(answer, 403, "forbidden")
