"""Engagements over the API: added, and what was done about them said later."""

from typing import Any

import pytest

from tests.build import Service, assert_problem
from tests.town import Town

HERE = "/engagements/market"
WHATEVER = {"If-Match": "*"}


async def test_what_was_done_is_said_later(service: Service, town: Town) -> None:
    (engagement,) = await service.items("/engagements", town.funder)
    assert (engagement["heard"], engagement["follow_up"]) == ("Lights and parking", "not_recorded")
    before = (await service.get("/engagements", town.staff)).json()["as_of"]
    patch = {"done": "Lights mended", "area": "E05001341", "group": "board", "ends_on": "2017-11-19"}
    edited = await service.ask("PATCH", HERE, town.staff, json=patch, headers=WHATEVER)
    out = edited.json()
    assert (out["follow_up"], out["area"]["name"], out["group"]["code"]) == ("done", "Riverside", "board")
    (changed,) = await service.items("/engagements", town.staff, updated_since=before)
    assert changed == (await service.get(HERE, town.staff)).json() == out


async def test_one_is_added_with_the_next_number(service: Service, town: Town) -> None:
    body = {"title": "Walk about", "begins_on": "2017-12-01"}
    added = await service.post("/engagements", town.staff, json=body)
    assert (added.status_code, added.json()["code"]) == (201, "engagement-1")
    assert_problem(await service.post("/engagements", town.funder, json=body), 403, "forbidden")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"title": "A"}, "invalid", "begins_on"),
        ({"title": "A", "begins_on": "2017-12-02", "ends_on": "2017-12-01"}, "before_start", "ends_on"),
        ({"title": "A", "begins_on": "2017-12-02", "area": "nowhere"}, "unknown_area", "area"),
        ({"title": "A", "begins_on": "2017-12-02", "group": "nobody"}, "unknown_group", "group"),
        ({"title": "A", "begins_on": "2017-12-02", "code": "market"}, "code_taken", "code"),
    ],
)
async def test_what_is_refused(
    one_service: Service, one_town: Town, body: dict[str, Any], code: str, field: str
) -> None:
    problem = assert_problem(await one_service.post("/engagements", one_town.staff, json=body), 422, code)
    assert problem["errors"][0]["field"] == field


async def test_an_edit_leaves_its_days_in_order(one_service: Service, one_town: Town) -> None:
    patch = {"begins_on": "2017-12-02", "ends_on": "2017-12-01"}
    answer = await one_service.ask("PATCH", HERE, one_town.staff, json=patch, headers=WHATEVER)
    assert_problem(answer, 422, "before_start")
