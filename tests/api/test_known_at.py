"""As known on a day: figures, targets and ratings as they stood at its end, in London."""

from datetime import date

import pytest

from app.api.known_at import end_of
from tests.build import Service, assert_problem
from tests.town import Town, figures, row


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2017, 12, 19), "2017-12-19T23:59:59.999999+00:00"),
        (date(2017, 7, 1), "2017-07-01T23:59:59.999999+01:00"),
        (date(2017, 10, 29), "2017-10-29T23:59:59.999999+00:00"),
        (date(9999, 12, 31), "9999-12-31T23:59:59.999999+00:00"),
    ],
)
def test_a_day_ends_at_midnight_in_london(day: date, instant: str) -> None:
    assert end_of(day).isoformat() == instant


async def test_a_target_changed_is_a_new_version(service: Service, town: Town) -> None:
    """Periods before it keep the target they had."""
    address = "/indicators/repeat-domestic-abuse"
    before = await service.get(address, town.staff)
    assert (before.json()["rating"]["status"], before.json()["target"]["number"]) == ("missed", 1)
    patch = {"target": {"words": "Lower than 45%", "from_period": "2018-19"}, "reason": "agreed in December"}
    changed = await service.ask(
        "PATCH", address, town.staff, json=patch, headers={"If-Match": before.headers["etag"]}
    )
    assert changed.status_code == 200, changed.text
    versions = changed.json()["targets"]
    assert [(each["number"], each["words"], each["from_period"]) for each in versions] == [
        (2, "Lower than 45%", "2018-19"),
        (1, "Lower than 41.4%", "2017-18"),
    ]
    assert versions[0]["reason"] == "agreed in December"
    now = (await service.get(f"{address}?period=2016-07/2017-06", town.staff)).json()
    assert (now["rating"]["status"], now["target"]["number"]) == ("missed", 1)
    listed = await service.items("/targets", town.staff, indicator="repeat-domestic-abuse")
    assert [each["number"] for each in listed] == [1, 2]
    known = await service.items(
        "/targets", town.staff, indicator="repeat-domestic-abuse", as_known_at="2017-12-19"
    )
    assert [each["number"] for each in known] == [1]


async def test_a_day_keeps_its_rating(service: Service, town: Town) -> None:
    address = "/indicators/repeat-domestic-abuse"
    patch = {"target": {"words": "Lower than 45%", "from_period": "2017-18"}, "reason": "a slip put right"}
    changed = await service.ask("PATCH", address, town.staff, json=patch, headers={"If-Match": "*"})
    assert changed.json()["rating"]["status"] == "met"
    then = (await service.get(f"{address}?as_known_at=2017-12-19", town.staff)).json()
    assert (then["rating"]["status"], then["target"]["words"]) == ("missed", "Lower than 41.4%")
    assert [each["number"] for each in then["targets"]] == [1]
    whole = await service.items("/indicators", town.staff, as_known_at="2017-12-19")
    listed = next(each for each in whole if each["code"] == "repeat-domestic-abuse")
    assert listed["rating"] == then["rating"]


async def test_figures_and_series_on_an_earlier_day(service: Service, town: Town) -> None:
    await service.post(
        "/figures", town.analysts, json=figures(row(), row(period="2017-18-Q1", value=4011, reason="recount"))
    )

    async def points(**params: str) -> list[tuple[str, object]]:
        answer = await service.get("/indicators/asb-incidents/series", town.analysts, params=params)
        return [(each["period"], each["value"]) for each in answer.json()["points"]]

    assert (await points())[-2:] == [("2017-18-Q1", 4011), ("2017-18-Q2", 4200)]
    assert (await points(as_known_at="2017-12-19"))[-1] == ("2017-18-Q1", 4010)
    assert await points(as_known_at="2017-07-30") == []
    known = await service.items(
        "/figures", town.analysts, indicator="asb-incidents", as_known_at="2017-12-19"
    )
    assert [each["value"] for each in known][-1] == 4010
    assert await service.items("/figures", town.analysts, as_known_at="2016-01-01") == []


@pytest.mark.parametrize(
    "day", ["2017-13-01", "20171219", "yesterday", "2017-12-19T00:00:00", "1512000000", ""]
)
async def test_a_day_that_is_none(one_service: Service, one_town: Town, day: str) -> None:
    answer = await one_service.get("/figures", one_town.analysts, params={"as_known_at": day})
    assert_problem(answer, 422, "invalid", "as_known_at")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    "path", ["/figures", "/indicators", "/indicators/asb-incidents/series", "/targets", "/plans/plan/summary"]
)
async def test_days_at_either_end_of_the_calendar(service: Service, town: Town, path: str, day: str) -> None:
    answer = await service.get(path, town.analysts, params={"as_known_at": day})
    assert answer.status_code == 200, answer.text


async def test_an_earlier_day_is_judged_on_that_day(service: Service, town: Town) -> None:
    """Asked on 20 December as of 15 September, the quarter to September has not ended."""
    address = "/indicators/asb-incidents?period=2017-18-Q2"
    await service.post("/figures", town.analysts, json=figures(row()))
    now = (await service.get(address, town.staff)).json()["rating"]
    assert "has not ended" not in now["reason"]
    then = (await service.get(f"{address}&as_known_at=2017-09-15", town.staff)).json()["rating"]
    assert "Q2 2017/18 (July to September 2017) has not ended" in then["reason"]
    plan = (await service.items("/plans", town.staff))[0]["code"]
    summary = (await service.get(f"/plans/{plan}/summary?as_known_at=2017-09-15", town.staff)).json()
    assert summary["period"] == "2017-18-Q1"
