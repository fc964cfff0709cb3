"""A POST repeated with its key is done once."""

import asyncio

import pytest

from tests.build import Service, assert_problem, serving
from tests.town import Town, figures, row

ONCE = {"Idempotency-Key": "once"}


async def test_a_repeat_is_replayed_across_a_restart(service: Service, town: Town) -> None:
    sent = figures(row())
    first = await service.post("/figures", town.analysts, json=sent, headers=ONCE)
    async with serving(service.settings.database_url) as restarted:
        again = await restarted.post("/figures", town.analysts, json=sent, headers=ONCE)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["content-type"] == first.headers["content-type"]
    assert "idempotent-replayed" not in first.headers
    assert len(await service.items("/submissions", town.analysts)) == 1


async def test_twins_at_the_same_time_are_one(service: Service, town: Town) -> None:
    sent = figures(row())
    answers = await asyncio.gather(
        *(service.post("/figures", town.analysts, json=sent, headers=ONCE) for _ in range(8))
    )
    assert {each.status_code for each in answers} == {201}
    assert len({each.content for each in answers}) == 1
    assert sorted("idempotent-replayed" in each.headers for each in answers) == [False] + [True] * 7
    assert len(await service.items("/submissions", town.analysts)) == 1


async def test_another_request_may_not_use_the_key(service: Service, town: Town) -> None:
    await service.post("/figures", town.analysts, json=figures(row()), headers=ONCE)
    for path, body in (
        ("/figures", figures(row(value=1, reason="other"))),
        ("/figures?mode=partial", figures(row())),
        ("/figures?mode=atomic", figures(row())),
    ):
        answer = await service.post(path, town.analysts, json=body, headers=ONCE)
        assert_problem(answer, 422, "idempotency_key_reused", "Idempotency-Key")
    assert len(await service.items("/submissions", town.analysts)) == 1


async def test_a_key_is_its_callers_own(service: Service, town: Town) -> None:
    sent = figures(row("hate-crime"))
    first = await service.post("/figures", town.analysts, json=sent, headers=ONCE)
    other = await service.post("/figures", town.police, json=sent, headers=ONCE)
    assert (first.json()["counts"]["created"], other.json()["counts"]["unchanged"]) == (1, 1)
    assert "idempotent-replayed" not in other.headers


async def test_only_what_was_done_is_remembered(service: Service, town: Town) -> None:
    """A refusal or a dry run leaves the key free for the request put right."""
    bad = await service.post("/figures", town.analysts, json=figures(row("no-such")), headers=ONCE)
    assert bad.status_code == 422
    good = figures(row())
    dry = await service.post("/figures?dry_run=true", town.analysts, json=good, headers=ONCE)
    assert dry.status_code == 200
    real = await service.post("/figures", town.analysts, json=good, headers=ONCE)
    assert real.status_code == 201
    assert "idempotent-replayed" not in real.headers


async def test_a_key_that_has_ended_replays_nothing(service: Service, town: Town) -> None:
    sent = figures(row())
    await service.post("/figures", town.analysts, json=sent, headers=ONCE)
    keys = await service.items("/keys", town.admin)
    mine = next(each for each in keys if each["agency"]["code"] == "analysts")
    revoked = await service.ask(
        "DELETE", f"/keys/{mine['id']}", town.admin, headers={"If-Match": f'"{mine["version"]}"'}
    )
    assert revoked.status_code == 204
    again = await service.post("/figures", town.analysts, json=sent, headers=ONCE)
    assert_problem(again, 401, "unauthenticated")


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "caf\u00e9\u0085"])
async def test_a_key_that_cannot_be(one_service: Service, one_town: Town, key: str) -> None:
    headers = [(b"Idempotency-Key", key.encode("latin-1"))]
    headers.append((b"Authorization", f"Bearer {one_town.analysts}".encode()))
    answer = await one_service.client.post("/api/v1/figures", json=figures(row()), headers=headers)
    assert_problem(answer, 422, "bad_idempotency_key", "Idempotency-Key")
    assert await one_service.items("/submissions", one_town.analysts) == []


@pytest.mark.parametrize("key", ["x", "x" * 255, "2017-18 Q2, figures"])
async def test_a_key_that_can_be(one_service: Service, one_town: Town, key: str) -> None:
    answer = await one_service.post(
        "/figures", one_town.analysts, json=figures(row()), headers={"Idempotency-Key": key}
    )
    assert answer.status_code == 201
