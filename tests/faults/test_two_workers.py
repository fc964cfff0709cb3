"""Two processes over one database: an answer is never older than the last commit, whoever made it."""

import asyncio
from typing import Any

import httpx
from sqlmodel import select

from app.db import Database
from app.domain.access.authority import Role
from app.models.plan.partnership import Partnership
from tests.build import make_person, make_token
from tests.faults.conftest import Deployment

PATHS = (
    "/api/v1/figures?period=2017-09",
    "/api/v1/indicators",
    "/api/v1/indicators/count-01",
    "/api/v1/indicators/count-01/series",
)


async def test_what_one_worker_acknowledged_the_other_shows_at_once(
    deployment: Deployment, two_workers: tuple[str, str], long_form: bool
) -> None:
    async with httpx.AsyncClient(headers=deployment.headers, timeout=120) as client:
        for value in range(1, 200 if long_form else 15):
            writer, reader = two_workers if value % 2 else reversed(two_workers)
            kept = [await client.get(reader + path) for path in PATHS]
            again = [
                await _unless_changed(client, reader + path, old)
                for path, old in zip(PATHS, kept, strict=True)
            ]
            assert [answer.status_code for answer in again] == [304] * len(PATHS)
            await _post(client, writer, value, None)
            fresh = await asyncio.gather(
                *(_unless_changed(client, reader + path, old) for path, old in zip(PATHS, kept, strict=True))
            )
            assert [answer.status_code for answer in fresh] == [200] * len(PATHS)
            assert [_value(answer.json()) for answer in fresh] == [value] * len(PATHS)


async def test_what_one_worker_edited_the_other_looks_up_at_once(
    deployment: Deployment, two_workers: tuple[str, str], long_form: bool
) -> None:
    """Edits move the ledger's frame and figures do not: whichever came last, an answer has both."""
    stale, asked = [], 0
    async with httpx.AsyncClient(headers=deployment.headers, timeout=120) as client:
        for number in range(1, 121 if long_form else 13):
            writer, reader = two_workers if number % 2 else reversed(two_workers)
            before = await asyncio.gather(*(client.get(reader + path) for path in PATHS[1:]))
            assert [answer.status_code for answer in before] == [200] * 3
            title = f"Offences, counted {number} times"
            body = {"title": title, "reason": "Agreed"}
            edited = await client.patch(
                f"{writer}/api/v1/indicators/count-01", json=body, headers={"If-Match": "*"}
            )
            assert edited.status_code == 200, edited.text
            await _post(client, reader, 5_000 + number, None)
            for url in two_workers:
                answers = await asyncio.gather(*(client.get(url + path) for path in PATHS))
                asked += len(answers)
                stale += [
                    (number, answer.url)
                    for answer in answers
                    if _value(answer.json()) != 5_000 + number or _title(answer.json()) != title
                ]
    assert stale == [], f"{len(stale)} of {asked} answers were stale"


async def test_somebody_disabled_at_one_worker_is_refused_at_once_by_the_other(
    deployment: Deployment, two_workers: tuple[str, str]
) -> None:
    here, there = two_workers
    database = Database(deployment.database_url)
    with database.write() as session:
        partnership = session.exec(select(Partnership)).one()
        person = make_person(session, partnership, Role.OFFICER)
        token, path = make_token(session, person), f"/api/v1/users/{person.id}"
    database.close()
    bearer = {"Authorization": f"Bearer {token}"}

    async with httpx.AsyncClient(headers=deployment.headers, timeout=120) as client:

        async def change(**what: Any) -> None:
            changed = await client.patch(here + path, json=what, headers={"If-Match": "*"})
            assert changed.status_code == 200, changed.text

        async def scopes() -> list[str]:
            me = await client.get(f"{there}/api/v1/me", headers=bearer)
            assert me.status_code == 200, me.text
            return list(me.json()["scopes"])

        assert "plan:write" in await scopes()
        await change(role="reader")
        assert "plan:write" not in await scopes()
        await change(disabled=True)
        assert (await client.get(f"{there}/api/v1/me", headers=bearer)).status_code == 401


async def test_a_key_revoked_at_one_worker_is_refused_at_once_by_the_other(
    deployment: Deployment, two_workers: tuple[str, str]
) -> None:
    here, there = two_workers
    async with httpx.AsyncClient(headers=deployment.headers, timeout=120) as client:
        asked = {"name": "To be revoked", "agency": "police", "scopes": ["plan:read", "figures:read"]}
        made = await client.post(f"{here}/api/v1/keys", json=asked)
        assert made.status_code == 201, made.text
        bearer = {"Authorization": f"Bearer {made.json()['secret']}"}
        for _ in range(2):
            assert (await client.get(f"{there}/api/v1/indicators", headers=bearer)).status_code == 200
        path = f"{here}/api/v1/keys/{made.json()['key']['id']}"
        revoked = await client.delete(path, headers={"If-Match": "*"})
        assert revoked.status_code == 204, revoked.text
        assert (await client.get(f"{there}/api/v1/indicators", headers=bearer)).status_code == 401


async def test_twins_with_one_idempotency_key_are_stored_once_and_told_the_same(
    deployment: Deployment, two_workers: tuple[str, str], long_form: bool
) -> None:
    async with httpx.AsyncClient(headers=deployment.headers, timeout=120) as client:
        for value in range(1001, 1100 if long_form else 1009):
            urls = (*two_workers, *two_workers)
            answers = await asyncio.gather(*(_post(client, url, value, f"twin-{value}") for url in urls))
            assert {answer.content for answer in answers} == {answers[0].content}
            replayed = [answer.headers.get("Idempotent-Replayed") == "true" for answer in answers]
            assert sorted(replayed) == [False, True, True, True]
            figure = answers[0].json()["rows"][0]["figure"]
            revisions = (await client.get(f"{two_workers[0]}{figure}/revisions")).json()["items"]
            assert [each["value"] for each in revisions].count(value) == 1


async def _post(client: httpx.AsyncClient, url: str, value: int, key: str | None) -> httpx.Response:
    row = {"indicator": "count-01", "period": "2017-09", "value": value, "reason": "Recounted."}
    headers = {"Idempotency-Key": key} if key is not None else {}
    answer = await client.post(f"{url}/api/v1/figures", json={"figures": [row]}, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer


async def _unless_changed(client: httpx.AsyncClient, url: str, old: httpx.Response) -> httpx.Response:
    return await client.get(url, headers={"If-None-Match": old.headers["ETag"]})


def _value(answer: dict[str, Any]) -> Any:
    """September's figure, however the answer tells it."""
    if "points" in answer:
        return answer["points"][-1]["value"]
    item = answer["items"][0] if "items" in answer else answer
    return item["recent"][-1]["value"] if "recent" in item else item["value"]


def _title(answer: dict[str, Any]) -> Any:
    item = answer["items"][0] if "items" in answer else answer
    return item.get("indicator_title") or item["title"]
