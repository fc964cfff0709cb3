"""As known on a day: figures, targets and ratings as they stood at its end, in London."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from app.api.server.known_at import end_of
from app.commands.change import Change
from app.document.load.load import load
from app.document.read import parse_document
from app.domain.period_text import parse_period
from app.models.plan.partnership import Partnership
from app.queries.judgement.indicator_facts import exceptional_periods
from tests.build import BUILDER, TODAY, Service, assert_problem
from tests.town import DOCUMENT, NOW, Town, figures, row


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


async def test_an_indicator_is_known_as_it_was(service: Service, town: Town) -> None:
    """Its words, who answers for it and how it is judged, on its page, its line and its series."""
    address, earlier = "/indicators/asb-incidents", "as_known_at=2017-12-19"
    path = f"{address}?{earlier}"
    before = (await service.get(path, town.staff)).json()
    line = await service.items("/indicators", town.staff, as_known_at="2017-12-19")
    patch = {
        "title": "Incidents reported",
        "definition": "As the force counts them.",
        "responsible_agency": "police",
        "suppliers": ["analysts"],
        "reporting_sensitive": True,
        "paired_with": "asb-satisfaction",
        "tolerance": 10,
        "publication_lag_days": 14,
        "retired_reason": "replaced",
        "reason": "review",
    }
    changed = await service.ask("PATCH", address, town.admin, json=patch, headers={"If-Match": "*"})
    assert changed.status_code == 200, changed.text
    now = (await service.get(address, town.staff)).json()
    assert (now["title"], now["responsible_agency"]["code"]) == ("Incidents reported", "police")
    assert (now["rating"]["status"], now["retired_on"]) == ("reporting_sensitive", "2017-12-20")
    then = (await service.get(path, town.staff)).json()
    of_today = {"version", "may"}
    assert {k: v for k, v in then.items() if k not in of_today} == {
        k: v for k, v in before.items() if k not in of_today
    }
    assert then["version"] == now["version"], "what an edit must match"
    assert await service.items("/indicators", town.staff, as_known_at="2017-12-19") == line
    series = (await service.get(f"{address}/series?{earlier}", town.staff)).json()
    assert series["title"] == before["title"]
    assert (await service.get(f"{address}/series", town.staff)).json()["title"] == "Incidents reported"


async def test_who_answered_then_is_asked_for_then(service: Service, town: Town) -> None:
    patch = {"responsible_agency": "police", "reason": "review"}
    path = "/indicators/dwelling-fires"
    changed = await service.ask("PATCH", path, town.admin, json=patch, headers={"If-Match": "*"})
    assert changed.status_code == 200, changed.text

    async def of(agency: str, **asked: str) -> bool:
        found = await service.items("/indicators", town.staff, agency=agency, **asked)
        return "dwelling-fires" in {each["code"] for each in found}

    assert [await of("police"), await of("council")] == [True, False]
    then = {"as_known_at": "2017-12-19"}
    assert [await of("police", **then), await of("council", **then)] == [False, True]


async def test_a_paired_indicator_is_named_as_it_was(service: Service, town: Town) -> None:
    careful = {"reporting_sensitive": True, "paired_with": "hate-crime", "reason": "review"}
    await service.ask(
        "PATCH", "/indicators/asb-incidents", town.admin, json=careful, headers={"If-Match": "*"}
    )
    moment = (await service.get("/indicators/asb-incidents", town.staff)).json()
    assert "Hate crime" in moment["rating"]["reason"]
    at = datetime.now(UTC).strftime("2017-12-20T%H:%M:%S.%fZ")
    named = {"title": "Hatred", "reason": "review"}
    await service.ask("PATCH", "/indicators/hate-crime", town.admin, json=named, headers={"If-Match": "*"})
    now = (await service.get("/indicators/asb-incidents", town.staff)).json()
    assert (now["paired_with"]["name"], "Hatred" in now["rating"]["reason"]) == ("Hatred", True)
    then = (await service.get(f"/indicators/asb-incidents?as_known_at={at}", town.staff)).json()
    assert (then["paired_with"], then["rating"]) == (moment["paired_with"], moment["rating"])


async def test_what_is_found_exceptional_was_not_before(service: Service, town: Town) -> None:
    """A year's shape leaves exceptional years out, from the day they were called so."""
    with service.writing() as session:
        later = DOCUMENT.replace("version: 1", "version: 2").replace(
            "priorities:", "exceptional_periods: [{period: 2016-17, reason: Floods}]\npriorities:", 1
        )
        now = datetime(2017, 12, 20, 9, tzinfo=UTC)
        load(Change(session, BUILDER, None, TODAY, now), parse_document(later), partnerships_allowed=None)
    with service.database.read() as session:
        mine = session.exec(select(Partnership).where(Partnership.code == "town")).one()
        assert exceptional_periods(session, mine) == (parse_period("2016-17"),)
        assert exceptional_periods(session, mine, end_of(date(2017, 12, 20))) != ()
        assert exceptional_periods(session, mine, end_of(date(2017, 12, 19))) == ()


async def test_what_the_first_plan_calls_exceptional_always_was(one_service: Service) -> None:
    with one_service.writing() as session:
        first = DOCUMENT.replace("code: town,", "code: first,").replace(
            "priorities:", "exceptional_periods: [{period: 2016-17, reason: Floods}]\npriorities:", 1
        )
        load(Change(session, BUILDER, None, TODAY, NOW), parse_document(first), partnerships_allowed=None)
    with one_service.database.read() as session:
        mine = session.exec(select(Partnership).where(Partnership.code == "first")).one()
        assert exceptional_periods(session, mine, end_of(date(2016, 4, 1))) != ()


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
async def test_a_day_that_is_none(still_service: Service, still_town: Town, day: str) -> None:
    answer = await still_service.get("/figures", still_town.analysts, params={"as_known_at": day})
    assert_problem(answer, 422, "invalid", "as_known_at")


PATHS = pytest.mark.parametrize(
    "path", ["/figures", "/indicators", "/indicators/asb-incidents/series", "/targets", "/plans/plan/summary"]
)


@PATHS
@pytest.mark.parametrize("day", ["0001-01-01", "2017-12-20"])
async def test_days_from_the_calendars_first_to_today(
    service: Service, town: Town, path: str, day: str
) -> None:
    answer = await service.get(path, town.analysts, params={"as_known_at": day})
    assert answer.status_code == 200, answer.text


@PATHS
@pytest.mark.parametrize("day", ["2017-12-21", "2017-12-21T00:00:00Z", "9999-12-31"])
async def test_nobody_knows_yet_what_will_be_known(
    still_service: Service, still_town: Town, path: str, day: str
) -> None:
    answer = await still_service.get(path, still_town.analysts, params={"as_known_at": day})
    problem = assert_problem(answer, 422, "in_future", "as_known_at")
    assert "up to today, 20 December 2017" in problem["detail"]
    assert_problem(await still_service.get(path, params={"as_known_at": day}), 401, "unauthenticated")


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
