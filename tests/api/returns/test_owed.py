"""What is not there though it could be, and targets that wait for their years."""

from typing import Any

from tests.build import Service
from tests.town import Town, figures, row

INDICATOR = "/indicators/asb-incidents"


async def owed(service: Service, secret: str, code: str = "asb-incidents", **params: str) -> Any:
    return (await service.get(f"/indicators/{code}", secret, params=params)).json()["owed"]


async def test_a_figure_nobody_sent_is_owed_until_it_is(service: Service, town: Town) -> None:
    assert await owed(service, town.funder) == {
        "period": "2017-18-Q2",
        "period_label": "Q2 2017/18 (July to September 2017)",
        "words": "nothing sent",
        "missing": None,
        "expected_on": None,
    }
    await service.post("/figures", town.analysts, json=figures(row()))
    assert await owed(service, town.funder) is None
    assert await owed(service, town.funder, as_known_at="2017-12-19") is not None
    assert await owed(service, town.funder, period="2017-18-Q1") is None


async def test_an_awaited_figure_is_owed_with_its_date(service: Service, town: Town) -> None:
    sent = row(value=None, missing="awaited", expected_on="2017-11-30")
    await service.post("/figures", town.analysts, json=figures(sent))
    found = await owed(service, town.funder)
    assert (found["missing"], found["expected_on"]) == ("awaited", "2017-11-30")
    assert found["words"] == "awaited, promised for 30 November 2017"
    summary = (await service.get("/plans/plan/summary", town.funder)).json()
    (told,) = [each for each in summary["attention"] if each["code"] == "awaited"]
    assert told["indicator"] == "asb-incidents"
    assert "promised for 30 November 2017" in told["message"]


async def test_what_is_retired_or_hidden_is_not_owed(service: Service, town: Town) -> None:
    assert await owed(service, town.funder, "old-count") is None
    sent = row("young-victims", value=12)
    await service.post("/figures", town.analysts, json=figures(sent))
    hidden = await owed(service, town.funder, "young-victims")
    assert hidden is None or hidden["missing"] != "confidential"


async def test_a_target_for_a_year_to_come_does_not_judge_this_one(service: Service, town: Town) -> None:
    before = (await service.get(INDICATOR, town.staff)).json()
    patch = {"target": {"words": "Fewer than 3", "from_period": "2018-19"}, "reason": "agreed"}
    answer = await service.ask("PATCH", INDICATOR, town.staff, json=patch, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    after = (await service.get(INDICATOR, town.staff)).json()
    assert after["targets"][0]["words"] == "Fewer than 3"
    assert after["target"] == before["target"]
    assert after["rating"] == before["rating"]
