"""Priorities and what stands under them."""

import pytest

from tests.build import Service, assert_problem
from tests.town import Town


async def test_a_priority_with_its_measures(service: Service, town: Town) -> None:
    listed = await service.items("/priorities", town.funder)
    assert [(each["position"], each["code"], each["plan"]) for each in listed] == [
        (1, "people", "plan"),
        (2, "places", "plan"),
    ]
    one = (await service.get("/priorities/people", town.funder)).json()
    assert one == listed[0]
    assert [(each["code"], each["theme"], each["indicators"]) for each in one["measures"]] == [
        ("repeats", "a", ["repeat-domestic-abuse"]),
        ("hate", None, ["hate-crime"]),
        ("young", None, ["young-victims"]),
        ("treatment", None, ["treatment-completion-opiate"]),
    ]


@pytest.mark.parametrize(
    ("path", "code", "title"),
    [
        ("/themes", "a", "Harm at home"),
        ("/objectives", "fewer", "Fewer victims twice"),
        ("/actions", "visits", "Visit every repeat victim"),
    ],
)
async def test_what_stands_under_it(service: Service, town: Town, path: str, code: str, title: str) -> None:
    (only,) = await service.items(path, town.funder)
    assert (only["code"], only["title"], only["priority"]) == (code, title, "people")
    assert await service.items(path, town.funder, priority="people", plan="plan") == [only]
    assert await service.items(path, town.funder, priority="places") == []
    assert_problem(await service.get(f"{path}?priority=no-such", town.funder), 404, "not_found")
    assert_problem(await service.get(f"{path}?plan=no-such", town.funder), 404, "not_found")


async def test_an_action_is_a_posts(one_service: Service, one_town: Town) -> None:
    (action,) = await one_service.items("/actions", one_town.funder)
    assert action["owner"] == "Head of community safety"
