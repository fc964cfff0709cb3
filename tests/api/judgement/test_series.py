"""A series: figures in order, each beside the year before and its share of the target."""

from typing import Any

import pytest

from app.commands.change import Change
from app.document.load.load import load
from app.document.read import parse_document
from tests.build import BUILDER, TODAY, Service
from tests.town import DOCUMENT, NOW, Town, figures, row

SERIES = "/indicators/asb-incidents/series"


async def points(service: Service, token: str, path: str = SERIES, **params: str) -> list[dict[str, Any]]:
    answer = await service.get(path, token, params=params)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["points"]
    return found


async def test_figures_in_order_with_the_year_before(service: Service, town: Town) -> None:
    await service.post("/figures", town.analysts, json=figures(row()))
    found = await points(service, town.funder)
    assert [each["period"] for each in found] == [
        "2016-17-Q1",
        "2016-17-Q2",
        "2016-17-Q3",
        "2016-17-Q4",
        "2017-18-Q1",
        "2017-18-Q2",
    ]
    last = found[-1]
    assert (last["value"], last["year_before"], last["change_words"]) == (4200, 4380, "down 4.1%")
    assert found[0]["year_before"] is None
    assert last["target"] is not None, "a quarter's share of the year's number"
    assert found[0]["target"] is None, "the target is of the plan's years"


async def test_a_cut_still_has_its_comparison(service: Service, town: Town) -> None:
    found = await points(service, town.funder, **{"from": "2017-18"})
    assert [(each["period"], each["year_before"]) for each in found] == [("2017-18-Q1", 4120)]
    assert [each["period"] for each in await points(service, town.funder, to="2016-17-Q1")] == ["2016-17-Q1"]
    assert await points(service, town.funder, **{"from": "2018-19"}) == []


async def test_lengths_areas_and_breakdowns_stand_apart(service: Service, town: Town) -> None:
    sent = figures(
        row(period="2017-09", value=1),
        row(period="2016-17", value=15487),
        row(area="E05001341", value=7),
        row("hate-crime", breakdown={"strand": "race"}, value=3),
        row("hate-crime", value=9),
    )
    assert (await service.post("/figures", town.analysts, json=sent)).status_code == 201
    assert len(await points(service, town.funder)) == 5, "quarters are the commonest"
    assert [each["value"] for each in await points(service, town.funder, by="month")] == [1]
    assert [each["value"] for each in await points(service, town.funder, by="year")] == [15487]
    assert [each["value"] for each in await points(service, town.funder, area="E05001341")] == [7]
    hate = "/indicators/hate-crime/series"
    assert [each["value"] for each in await points(service, town.funder, hate, breakdown="strand=race")] == [
        3
    ]
    assert [each["value"] for each in await points(service, town.funder, hate)] == [9]


async def test_what_it_is_read_with(one_service: Service, one_town: Town) -> None:
    whole = (await one_service.get(SERIES, one_town.funder)).json()
    assert (whole["baseline"], whole["baseline_period"]) == (15487, "2016-17")
    assert (whole["zero_based"], whole["unit"], whole["area"]) == (True, "incidents", "E08000032")
    assert (whole["limits"], whole["signals"]) == (None, None)
    assert whole["limits_reason"], "what is refused says why"


@pytest.mark.parametrize(
    "path", ["/indicators/no-such/series", "/indicators/asb-incidents/series?plan=no-such"]
)
async def test_a_series_of_nothing(one_service: Service, one_town: Town, path: str) -> None:
    assert (await one_service.get(path, one_town.funder)).status_code == 404


async def test_a_ward_is_not_set_beside_the_whole_partnership_s_baseline(
    one_service: Service, one_town: Town
) -> None:
    sent = figures(row(area="E05001341", value=30))
    assert (await one_service.post("/figures", one_town.analysts, json=sent)).status_code == 201
    address = "/indicators/asb-incidents/series"
    whole = (await one_service.get(address, one_town.analysts)).json()
    assert (whole["baseline"], whole["baseline_level"]) == (15487, 3871.8)
    ward = (await one_service.get(f"{address}?area=E05001341", one_town.analysts)).json()
    assert [each["value"] for each in ward["points"]] == [30]
    assert (ward["baseline"], ward["baseline_level"]) == (None, None)


async def test_no_line_is_drawn_across_a_recording_change(one_service: Service, one_town: Town) -> None:
    broken = DOCUMENT.replace("version: 1", "version: 2").replace(
        "    unit: incidents\n", "    unit: incidents\n    breaks: [{from: 2017-06, reason: counted anew}]\n"
    )
    with one_service.writing() as session:
        load(Change(session, BUILDER, None, TODAY, NOW), parse_document(broken), partnerships_allowed=None)
    found = (await one_service.get("/indicators/asb-incidents/series", one_town.analysts)).json()
    assert found["baseline_level"] is None
    assert [each["target"] for each in found["points"]] == [None] * len(found["points"])
    whole = (await one_service.get("/indicators/asb-incidents", one_town.analysts)).json()
    assert "twelve months" not in whole["latest"]["words_in_full"]


@pytest.mark.parametrize(
    ("indicator", "words", "drawn"),
    [
        (
            "asb-incidents",
            "2017: fewer than 15,000; 2018: fewer than 14,000",
            {"2017-18-Q1": 3750, "2017-18-Q2": 3750},
        ),
        (
            "asb-incidents",
            "2016-17: fewer than 16,000; 2017-18: fewer than 15,200",
            {"2017-18-Q1": 4043.6, "2017-18-Q2": 4298.8},
        ),
        ("asb-incidents", "2018: fewer than 14,000", {}),
        ("repeat-domestic-abuse", "2017: lower than 41%; 2018: lower than 40%", {"2016-07/2017-06": 41}),
    ],
)
async def test_a_target_a_year_is_drawn_in_its_years(
    one_service: Service, one_town: Town, indicator: str, words: str, drawn: dict[str, float]
) -> None:
    await one_service.post("/figures", one_town.analysts, json=figures(row()))
    address = f"/indicators/{indicator}"
    change = {"target": {"words": words}, "reason": "agreed"}
    edited = await one_service.ask("PATCH", address, one_town.staff, json=change, headers={"If-Match": "*"})
    assert edited.status_code == 200, edited.text
    found = await points(one_service, one_town.analysts, f"{address}/series")
    assert {each["period"]: each["target"] for each in found if each["target"] is not None} == drawn


async def test_a_count_that_runs_over_two_of_the_target_s_years_has_none(
    one_service: Service, one_town: Town
) -> None:
    change = {"target": {"words": "2017: fewer than 15,000", "from_period": "2016-17"}, "reason": "agreed"}
    await one_service.ask(
        "PATCH", "/indicators/asb-incidents", one_town.staff, json=change, headers={"If-Match": "*"}
    )
    sent = figures(row(period="2016-12/2017-11", value=15000), row(period="2017-01/2017-11", value=14000))
    assert (await one_service.post("/figures", one_town.analysts, json=sent)).status_code == 201
    total, across = await points(one_service, one_town.analysts, by="year")
    assert (total["period"], total["figure"]) == ("2016-17", None)
    assert across["target"] is None


async def test_a_month_s_share_of_the_target_is_of_one_profile(one_service: Service, one_town: Town) -> None:
    """Earlier years are held by quarter: October has a twelfth, not a straight line less a seasonal shape."""
    sent = figures(row(value=4000), row(period="2017-10", value=1300))
    assert (await one_service.post("/figures", one_town.analysts, json=sent)).status_code == 201
    (october,) = await points(one_service, one_town.analysts, by="month")
    assert october["target"] == 1290.6


async def test_years_add_up_quarters_and_say_what_is_missing(service: Service, town: Town) -> None:
    rows = [row("damage-cost", f"2016-17-Q{number}", value=100 * number) for number in range(1, 5)]
    rows += [row("damage-cost", "2017-18-Q1", value=500), row("damage-cost", "2015-16", value=900)]
    sent = await service.post("/figures", town.analysts, json=figures(*rows))
    assert sent.status_code == 201, sent.text
    series = (await service.get("/indicators/damage-cost/series?by=year", town.analysts)).json()
    points = [(each["period"], each["value"], each["figure"] is None) for each in series["points"]]
    assert points == [("2015-16", 900, False), ("2016-17", 1000, True)]
    full = series["points"][1]
    assert (full["words"], full["mark"], full["year_before"]) == ("£1,000", "[p]", 900)
    (begun,) = series["not_added_up"]
    assert begun["period"] == "2017-18"
    assert begun["reason"].startswith("not a total: Q2 2017/18")
    quarters = (await service.get("/indicators/damage-cost/series", town.analysts)).json()
    assert quarters["not_added_up"] == []
