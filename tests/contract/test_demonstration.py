"""The contract's example against the demonstration itself, as an outsider's program would send it."""

from collections.abc import AsyncIterator

import pytest

from app.api.server.example import FIGURES
from app.commands.audit import verify
from app.demo.account import make_accounts
from app.demo.content import load_plan
from app.demo.quarter import load_return_history
from tests.build import Service, assert_problem, serving


@pytest.fixture
async def demonstration(database_url: str) -> AsyncIterator[tuple[Service, dict[str, str]]]:
    """The demonstration's content, and its keys by name."""
    async with serving(database_url, mode="demo") as service:
        load_plan(service.settings, service.database)
        yield service, make_accounts(service.settings, service.database)["keys"]


async def test_the_example(demonstration: tuple[Service, dict[str, str]]) -> None:
    service, keys = demonstration
    once = {"Idempotency-Key": "the-quarter"}
    dry = await service.post("/figures?dry_run=true", keys["agency"], json=FIGURES)
    sent = await service.post("/figures", keys["agency"], json=FIGURES, headers=once)
    assert (dry.status_code, sent.status_code) == (200, 201), sent.text
    assert sent.json()["status"] == "accepted"
    assert dry.json()["counts"] == sent.json()["counts"]
    assert sum(sent.json()["counts"].values()) == 4
    assert sent.json()["counts"]["created"] == 4
    again = await service.post("/figures", keys["agency"], json=FIGURES, headers=once)
    assert (again.content, again.headers["idempotent-replayed"]) == (sent.content, "true")
    changed = {"figures": [{**FIGURES["figures"][0], "value": 43.4}]}
    refused = await service.post("/figures", keys["agency"], json=changed)
    assert_problem(refused, 422, "rejected", "reason")
    changed["figures"][0]["reason"] = "two records were late"
    assert (await service.post("/figures", keys["agency"], json=changed)).status_code == 201
    figure = sent.json()["rows"][0]["figure"]
    assert (await service.get(figure, keys["funder"])).json()["value"] == 43.4


async def test_its_record_is_whole(demonstration: tuple[Service, dict[str, str]]) -> None:
    load_return_history(demonstration[0].database)
    with demonstration[0].database.read() as session:
        assert list(verify(session)) == []


async def test_the_scorecard_of_every_key(demonstration: tuple[Service, dict[str, str]]) -> None:
    service, keys = demonstration
    codes = set()
    for key in keys.values():
        items = await service.items("/indicators", key)
        codes.add(frozenset(each["code"] for each in items))
        assert all(each["rating"]["reason"] and each["trend"]["reason"] for each in items)
    assert len(codes) == 1, "what is withheld from a funder is a value, not an indicator"
    earlier = await service.items("/indicators", keys["funder"], as_known_at="2017-10-01")
    assert {each["code"] for each in earlier} == next(iter(codes))


async def test_a_quarter_the_police_have_not_released(
    demonstration: tuple[Service, dict[str, str]],
) -> None:
    """Inside the partnership it is there; a funder sees the quarters before it."""
    service, keys = demonstration
    newest = {"indicator": "total-crime", "period": "2017-18-Q2"}
    (outside,) = await service.items("/figures", keys["funder"], **newest)
    (inside,) = await service.items("/figures", keys["staff"], **newest)
    assert (outside["value"], outside["words"]) == (None, "not released yet")
    assert (inside["value"], inside["released_to"], inside["release_from"]) == (
        15708,
        "partnership",
        "2018-01-15",
    )
    line = (await service.get("/indicators/total-crime", keys["funder"])).json()
    assert (line["latest"]["period"], line["latest"]["value"]) == ("2017-18-Q1", 15204)
    assert "Q2 2017/18: not released yet" in line["rating"]["reason"]
