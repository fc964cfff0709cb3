"""How a target would be understood, before it is saved."""

from typing import Any

import pytest

from tests.build import Service, assert_problem
from tests.town import Town, figures, row

ASB = "/indicators/asb-incidents"


async def reading(service: Service, token: str, path: str = ASB, **params: str) -> Any:
    answer = await service.ask("GET", f"{path}/target-reading", token, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("words", "understood_as"),
    [
        ("85 or fewer", "at most 85 each year"),
        ("Fewer than 85", "below 85 each year"),
        ("Reduce to 85 by March 2020", "in 2019-20 at most 85"),
        ("10% reduction on 2016/17", "reduction of 10% on 2016/17 each year"),
        ("Reduction on last year", "reduction on last year"),
    ],
)
async def test_a_target_that_is_judged(
    one_service: Service, one_town: Town, words: str, understood_as: str
) -> None:
    told = await reading(one_service, one_town.funder, words=words)
    assert (told["words"], told["understood_as"], told["judged"]) == (words, understood_as, True)
    assert told["not_judged_because"] == ""


async def test_a_target_that_is_not_understood(one_service: Service, one_town: Town) -> None:
    told = await reading(one_service, one_town.staff, words="Fewer than 5 per month")
    assert not told["judged"]
    assert "write the number for a year" in told["not_judged_because"]


async def test_the_time_of_a_target_is_told(one_service: Service, one_town: Town) -> None:
    told = await reading(one_service, one_town.staff, words="85", applies="by_plan_end")
    assert told["understood_as"] == "at most 85 by the end of the plan"


async def test_without_words_the_target_in_force_is_read(one_service: Service, one_town: Town) -> None:
    told = await reading(one_service, one_town.staff)
    assert (told["words"], told["understood_as"]) == ("Fewer than 15,487", "below 15,487 each year")
    none = await reading(one_service, one_town.staff, "/indicators/hate-crime")
    assert (none["words"], none["judged"]) == ("", False)


async def test_words_that_would_take_the_verdict_away(service: Service, town: Town) -> None:
    await service.post("/figures", town.analysts, json=figures(row()))
    before = (await service.get(ASB, town.staff)).json()
    assert before["rating"]["status"] in ("on_track", "off_track", "too_early")
    told = await reading(service, town.staff, words="As few as we can")
    (lost,) = told["warnings"]
    assert (lost["code"], lost["field"]) == ("verdict_lost", "words")
    assert before["rating"]["label"] in lost["message"]
    assert (await reading(service, town.staff, words="Fewer than 15,000"))["warnings"] == []
    assert (await service.get(ASB, town.staff)).json() == before, "nothing is stored"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Fewer than 16,000", "target_looser_than_baseline"),
        ("At least 10,000", "target_asks_for_worse"),
        ("Increase", "target_asks_for_worse"),
        ("No reduction", "target_asks_for_worse"),
    ],
)
async def test_a_target_that_asks_for_a_worse_figure(
    one_service: Service, one_town: Town, words: str, code: str
) -> None:
    told = await reading(one_service, one_town.staff, words=words)
    assert [each["code"] for each in told["warnings"]] == [code]


async def test_a_target_that_the_present_figure_meets_with_room(service: Service, town: Town) -> None:
    """Fires have no baseline: the twelve months there are say what a worse figure is."""
    quarters = ("2016-17-Q3", "2016-17-Q4", "2017-18-Q1", "2017-18-Q2")
    sent = [row(indicator="dwelling-fires", period=period, value=50) for period in quarters]
    answer = await service.post("/figures", town.staff, json=figures(*sent))
    assert answer.status_code == 201, answer.text
    fires = "/indicators/dwelling-fires"
    told = await reading(service, town.staff, fires, words="Fewer than 300")
    assert [each["code"] for each in told["warnings"]] == ["target_looser_than_present"]
    assert "200 in 12 months to September 2017" in told["warnings"][0]["message"]
    assert (await reading(service, town.staff, fires, words="Fewer than 200"))["warnings"] == []


async def test_what_cannot_be_read(one_service: Service, one_town: Town) -> None:
    path = f"{ASB}/target-reading"
    for params, field in (
        ({"words": ""}, "words"),
        ({"words": "a\nb"}, "words"),
        ({"applies": "x"}, "applies"),
    ):
        answer = await one_service.ask("GET", path, one_town.staff, params=params)
        assert_problem(answer, 422, "invalid", field)
    gone = await one_service.get("/indicators/no-such/target-reading?words=85", one_town.staff)
    assert_problem(gone, 404, "not_found")


async def test_a_stored_target_that_the_figures_before_it_would_meet_is_a_plan_check(
    service: Service, town: Town
) -> None:
    quarters = ("2016-17-Q3", "2016-17-Q4", "2017-18-Q1", "2017-18-Q2")
    sent = [row(indicator="dwelling-fires", period=period, value=50) for period in quarters]
    await service.post("/figures", town.staff, json=figures(*sent))

    async def found(words: str) -> list[str]:
        body = {"target": {"words": words, "from_period": "2018-19"}, "reason": "agreed"}
        path = "/indicators/dwelling-fires"
        answer = await service.ask("PATCH", path, town.staff, json=body, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text
        checks = await service.items("/plans/plan/checks", town.staff)
        looser = [each for each in checks if each["code"] == "target_looser_than_baseline"]
        return [each["message"] for each in looser if each["indicator"] == "dwelling-fires"]

    (message,) = await found("Fewer than 300")
    assert "starts at 200 (12 months to September 2017)" in message
    assert await found("Fewer than 200") == []
