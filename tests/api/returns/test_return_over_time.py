"""Returns as time passes: plans refreshed, figures called forecasts, quarters that begin by the clock alone."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.commands.change import Change
from app.commands.figures.figure import Manner, submit_figures
from app.document.load.load import load
from app.document.read import parse_document
from app.models.figures.sent_row import parse_row
from app.queries.access.actor import find_credential
from tests.build import BUILDER, TODAY, Service, serving
from tests.town import DOCUMENT, NOW, Town, figures, row

ANALYSTS = "/returns/2017-18-Q2~analysts"
Q1 = "/reporting-periods/2017-18-Q1"
FIRES = "  - {code: dwelling-fires,"


def send_at(service: Service, token: str, now: datetime, sent: dict[str, Any]) -> None:
    """As if the service had stood on an earlier day."""
    with service.writing() as session:
        credential = find_credential(session, token, datetime.now(UTC))
        assert credential is not None
        actor = credential.actor
        change = Change(session, actor, actor.accesses[0].partnership_id, now.date(), now)
        receipt = submit_figures(change, [parse_row(1, sent)], Manner("json"))
        assert receipt["id"] is not None, receipt


def bring(service: Service, document: str) -> None:
    with service.writing() as session:
        load(Change(session, BUILDER, None, TODAY, NOW), parse_document(document), partnerships_allowed=None)


async def item(service: Service, token: str, return_id: str, indicator: str) -> dict[str, Any]:
    answer = await service.get(f"/returns/{return_id}", token)
    found: dict[str, Any] = next(each for each in answer.json()["items"] if each["indicator"] == indicator)
    return found


async def test_a_forecast_is_not_a_figure_in_time(one_service: Service, one_town: Town) -> None:
    forecast = row(value=4000, status="forecast")
    send_at(one_service, one_town.analysts, datetime(2017, 9, 5, tzinfo=UTC), forecast)
    real = figures(row(value=4100, status="final", reason="counted"))
    assert (await one_service.post("/figures", one_town.analysts, json=real)).status_code == 201
    found = await item(one_service, one_town.analysts, "2017-18-Q2~analysts", "asb-incidents")
    assert (found["received_at"][:10], found["late"]) == ("2017-12-20", True)


@pytest.mark.parametrize(("hour", "late"), [(22, False), (23, True)])
async def test_the_day_it_was_due_ends_in_london(
    one_service: Service, one_town: Town, hour: int, late: bool
) -> None:
    """In July that is at 23:00 UTC."""
    sent = row("asb-satisfaction", period="2017-18-Q1", value=40)
    send_at(one_service, one_town.analysts, datetime(2017, 7, 30, hour, 30, tzinfo=UTC), sent)
    found = await item(one_service, one_town.analysts, "2017-18-Q1~analysts", "asb-satisfaction")
    assert (found["due_on"], found["late"]) == ("2017-07-30", late)


async def test_what_turns_out_a_forecast_is_told(one_service: Service, one_town: Town) -> None:
    """The return that it leaves short has changed, though no figure answers for it any more."""
    await one_service.post("/figures", one_town.analysts, json=figures(row()))
    as_of = (await one_service.get("/returns", one_town.staff)).json()["as_of"]
    forecast = figures(row(status="forecast", reason="it was a forecast"))
    assert (await one_service.post("/figures", one_town.analysts, json=forecast)).status_code == 201
    told = await one_service.items("/returns", one_town.staff, updated_since=as_of)
    assert [(each["id"], each["received"]) for each in told] == [("2017-18-Q2~analysts", 0)]


async def test_a_quarter_that_began_meanwhile_is_told(sqlite_url: str, stock: Any) -> None:
    url = stock.copy_to(sqlite_url)
    town: Town = stock.town_of(url)
    async with serving(url) as service:
        await service.post("/figures", town.analysts, json=figures(row()))
        returns = (await service.get("/returns", town.staff)).json()["as_of"]
        quarters = (await service.get("/reporting-periods", town.staff)).json()["as_of"]
        assert await service.items("/returns", town.staff, updated_since=returns) == []
        assert await service.items("/reporting-periods", town.staff, updated_since=quarters) == []
    async with serving(url, today_is=date(2018, 1, 1)) as service:
        told = await service.items("/returns", town.staff, updated_since=returns)
        assert {each["period"] for each in told} == {"2017-18-Q4"}
        told = await service.items("/reporting-periods", town.staff, updated_since=quarters)
        assert [each["period"] for each in told] == ["2017-18-Q4"]


async def test_a_plan_that_rolls_on_leaves_its_past(one_service: Service, one_town: Town) -> None:
    """What was closed can be read and reopened, and what is owed for the last year of the old run stays owed."""
    before = [each["id"] for each in await one_service.items("/returns", one_town.staff)]
    for deed in ("cut-off", "close"):
        await one_service.post(f"{Q1}/{deed}", one_town.admin, json={})
    snapshot = (await one_service.get(f"{Q1}/snapshot", one_town.staff)).json()
    rolled = DOCUMENT.replace("version: 1", "version: 2").replace(
        "first_year: 2017-18\n  last_year: 2019-20", "first_year: 2018-19\n  last_year: 2020-21"
    )
    bring(one_service, rolled)
    assert [each["id"] for each in await one_service.items("/returns", one_town.staff)] == before
    assert (await one_service.get(f"{Q1}/snapshot", one_town.staff)).json() == snapshot
    answer = await one_service.post(f"{Q1}/reopen", one_town.admin, json={"reason": "restated"})
    assert answer.json()["state"] == "cut_off"


@pytest.mark.parametrize(
    ("adopted_on", "owing"),
    [
        ("2017-10-01", ["2017-18-Q3"]),
        ("2017-06-30", ["2017-18-Q1", "2017-18-Q2", "2017-18-Q3"]),
        (None, ["2017-18-Q1", "2017-18-Q2", "2017-18-Q3"]),
    ],
)
async def test_what_a_refresh_adds_is_owed_from_its_adoption(
    one_service: Service, one_town: Town, adopted_on: str | None, owing: list[str]
) -> None:
    refreshed = (
        DOCUMENT.replace(
            "version: 1", f"version: 2\n  adopted_on: {adopted_on}" if adopted_on else "version: 2"
        )
        .replace("indicators: [dwelling-fires]", "indicators: [dwelling-fires, bin-fires]")
        .replace(
            FIRES,
            f"{FIRES.replace('dwelling', 'bin')} title: Bin fires, measure: count,"
            " polarity: lower_is_better, adds_up: sum, responsible: council}\n" + FIRES,
        )
    )
    bring(one_service, refreshed)
    found = await one_service.items("/returns", one_town.staff, indicator="bin-fires")
    assert [each["period"] for each in found] == owing
    assert len(await one_service.items("/returns", one_town.staff, indicator="dwelling-fires")) == 3


async def test_retired_after_a_quarter_it_is_still_taken_for_it(one_service: Service, one_town: Town) -> None:
    """What is owed can be sent: else the return would stay overdue for ever."""
    edit = {"retired_reason": "nobody asks", "reason": "review"}
    path = "/indicators/dwelling-fires"
    await one_service.ask("PATCH", path, one_town.staff, json=edit, headers={"If-Match": "*"})
    sent = await one_service.post("/returns/2017-18-Q2~council/nil", one_town.staff, json={})
    assert (sent.status_code, sent.json()["state"]) == (200, "submitted")


async def test_another_agency_takes_over_what_is_not_closed(one_service: Service, one_town: Town) -> None:
    """A closed quarter stays with who answered for it, and so does what was said of it."""
    await one_service.post(
        "/figures", one_town.staff, json=figures(row("dwelling-fires", period="2017-18-Q1"))
    )
    asked = {"text": "So many?", "indicators": ["dwelling-fires"]}
    await one_service.post("/returns/2017-18-Q1~council/query", one_town.staff, json=asked)
    for deed in ("cut-off", "close"):
        await one_service.post(f"{Q1}/{deed}", one_town.admin, json={})
    path = "/returns/2017-18-Q1~council"
    before = (await one_service.get(path, one_town.staff)).json()
    patch = {"responsible_agency": "police", "reason": "a merger"}
    await one_service.ask(
        "PATCH", "/indicators/dwelling-fires", one_town.admin, json=patch, headers={"If-Match": "*"}
    )
    assert (await one_service.get(path, one_town.staff)).json() == before

    async def owing() -> set[str]:
        found = await one_service.items("/returns", one_town.staff, indicator="dwelling-fires")
        return {each["id"] for each in found}

    assert await owing() == {"2017-18-Q1~council", "2017-18-Q2~police", "2017-18-Q3~police"}
    as_of = (await one_service.get("/returns", one_town.staff)).json()["as_of"]
    await one_service.post(f"{Q1}/reopen", one_town.admin, json={"reason": "restated"})
    assert "2017-18-Q1~police" in await owing()
    told = await one_service.items("/returns", one_town.staff, updated_since=as_of)
    assert {each["id"]: "removed" in each for each in told}["2017-18-Q1~council"], "whoever follows is told"


async def test_a_closed_quarter_keeps_the_days_and_words_it_had(service: Service, town: Town) -> None:
    await service.post("/figures", town.staff, json=figures(row("dwelling-fires", period="2017-18-Q1")))
    for deed in ("cut-off", "close"):
        await service.post(f"{Q1}/{deed}", town.admin, json={})
    path = "/returns/2017-18-Q1~council"
    before = (await service.get(path, town.staff)).json()
    patch = {"title": "Fires at home", "publication_lag_days": 200, "reason": "review"}
    address = "/indicators/dwelling-fires"
    await service.ask("PATCH", address, town.admin, json=patch, headers={"If-Match": "*"})
    assert (await service.get(path, town.staff)).json() == before
    monthly = DOCUMENT.replace("version: 1", "version: 2").replace(
        "title: Dwelling fires,", "title: Dwelling fires, frequency: month,"
    )
    bring(service, monthly)  # by a clock that has been put back
    assert (await service.get(path, town.staff)).json() == before


async def test_what_was_taken_over_since_is_not_in_the_template(one_service: Service, one_town: Town) -> None:
    """It uploads as it is, for what the agency still sends."""
    await one_service.post("/figures", one_town.police, json=figures(row("hate-crime", period="2017-18-Q1")))
    for deed in ("cut-off", "close"):
        await one_service.post(f"{Q1}/{deed}", one_town.admin, json={})
    patch = {"responsible_agency": "health", "suppliers": [], "reason": "a merger"}
    await one_service.ask(
        "PATCH", "/indicators/hate-crime", one_town.admin, json=patch, headers={"If-Match": "*"}
    )
    found = (await one_service.get("/returns/2017-18-Q1~police", one_town.police)).json()
    assert {each["indicator"]: each["may"] for each in found["items"]} == {
        "repeat-domestic-abuse": ["send"],
        "hate-crime": [],
        "young-victims": ["send"],
    }
    sheet = await one_service.get("/returns/2017-18-Q1~police/template.xlsx", one_town.police)
    sent = await one_service.post(
        "/figures?dry_run=true",
        one_town.police,
        content=sheet.content,
        headers={"Content-Type": sheet.headers["content-type"]},
    )
    assert sent.status_code == 200, sent.text
    assert {each["indicator"]: each["outcome"] for each in sent.json()["rows"]} == {
        "repeat-domestic-abuse": "unchanged",
        "young-victims": "unchanged",
    }


async def test_retired_after_its_quarter_was_closed_it_stays_there(
    one_service: Service, one_town: Town
) -> None:
    """Even when the day it ended is put into that quarter afterwards."""
    for deed in ("cut-off", "close"):
        await one_service.post(f"{Q1}/{deed}", one_town.admin, json={})
    retired = DOCUMENT.replace("version: 1", "version: 2").replace(
        "title: Dwelling fires,", "title: Dwelling fires, retired_on: 2017-05-01, retired_reason: merged,"
    )
    with one_service.writing() as session:
        now = datetime.now(UTC).replace(year=2017, month=12, day=20)
        load(Change(session, BUILDER, None, TODAY, now), parse_document(retired), partnerships_allowed=None)
    found = await one_service.items("/returns", one_town.staff, indicator="dwelling-fires")
    assert [each["id"] for each in found] == ["2017-18-Q1~council"]


async def test_a_quarter_s_months_one_by_one(one_service: Service, one_town: Town) -> None:
    """Those that are over can be in, or nil, while the last is still to come."""
    monthly = DOCUMENT.replace("version: 1", "version: 2").replace(
        "title: Dwelling fires,", "title: Dwelling fires, frequency: month,"
    )
    bring(one_service, monthly)
    october = figures(row("dwelling-fires", period="2017-10", value=4))
    await one_service.post("/figures", one_town.staff, json=october)
    nil = await one_service.post("/returns/2017-18-Q3~council/nil", one_town.staff, json={})
    assert nil.status_code == 200, nil.text
    assert [each["value"] for each in nil.json()["items"]] == [4, 0, None]
    assert (nil.json()["state"], nil.json()["words"]) == (
        "not_due",
        "the rest exists from 1 January 2018; 2 of 3 in",
    )
