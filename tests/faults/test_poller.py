"""A poller that only ever asks what changed since last time ends with what the server holds."""

import asyncio
import random
from typing import Any

import httpx

from tests.faults.conftest import INDICATORS, Deployment
from tests.stocked import counts, months, ward

WRITERS = 10
FEEDS = ("figures", "priorities", "indicators", "targets", "submissions", "audit-events")
PERIODS = months(24)
CODES = [each["code"] for each in counts(INDICATORS)]


class Copy:
    """What one poller has of one collection."""

    def __init__(self, client: httpx.AsyncClient, urls: tuple[str, ...], feed: str) -> None:
        self.items: dict[str, Any] = {}
        self.polls = 0
        self._client = client
        self._urls = urls
        self.feed = feed
        self._as_of: str | None = None

    async def poll(self) -> None:
        """One round: page after page of what changed, each page from whichever worker's turn it is."""
        since = f"&updated_since={self._as_of}" if self._as_of is not None else ""
        path: str | None = f"/api/v1/{self.feed}?limit=7{since}"
        while path is not None:
            self.polls += 1
            answer = await self._client.get(self._urls[self.polls % len(self._urls)] + path)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            for item in page["items"]:
                if item.get("removed"):
                    self.items.pop(item["id"], None)
                else:
                    self.items[item["id"]] = item
            self._as_of, path = page["as_of"], page["next"]


async def test_a_poller_beside_ten_writers_ends_with_what_the_server_holds(
    deployment: Deployment, two_workers: tuple[str, str], long_form: bool
) -> None:
    async with httpx.AsyncClient(headers=deployment.headers, timeout=120) as client:
        copies = [Copy(client, two_workers, feed) for feed in FEEDS]
        changes = 200 if long_form else 10
        writing = asyncio.gather(
            *(_write(client, two_workers[n % 2], random.Random(n), changes) for n in range(WRITERS))
        )
        while not writing.done():
            await asyncio.gather(*(copy.poll() for copy in copies))
        await writing
        await asyncio.gather(*(copy.poll() for copy in copies))
        for copy in copies:
            whole = Copy(client, two_workers, copy.feed)
            await whole.poll()
            assert copy.items == whole.items, copy.feed
            assert copy.polls > whole.polls


async def _write(client: httpx.AsyncClient, url: str, chance: random.Random, changes: int) -> None:
    """New figures, revised figures and edited indicators, as fast as they are taken."""
    for _ in range(changes):
        if chance.random() < 0.3:
            await _edit(client, url, chance)
        else:
            rows = {
                (chance.choice(CODES), chance.choice(PERIODS), chance.choice(("", ward(1)))) for _ in range(4)
            }
            sent = [_row(*row, chance) for row in sorted(rows)]
            answer = await client.post(f"{url}/api/v1/figures", json={"figures": sent})
            assert answer.status_code == 201, answer.text


def _row(code: str, period: str, area: str, chance: random.Random) -> dict[str, Any]:
    row = {"indicator": code, "period": period, "value": chance.randrange(200), "reason": "Recounted."}
    return {**row, "area": area} if area else row


async def _edit(client: httpx.AsyncClient, url: str, chance: random.Random) -> None:
    """Another title, or another partner to be read with; somebody else may have been quicker."""
    code, other = chance.sample(CODES, 2)
    path = f"{url}/api/v1/indicators/{code}"
    read = await client.get(path)
    assert read.status_code == 200, read.text
    change: dict[str, Any] = chance.choice(
        (
            {"title": f"Title {chance.randrange(1000)}"},
            {"reporting_sensitive": True, "paired_with": other},
            {"target": {"words": chance.choice(("Reduction", "Fewer than 900", "8%"))}},
            {"baseline": {"period": "2016-17", "value": chance.randrange(800, 1500)}},
        )
    )
    answer = await client.patch(
        path, json={**change, "reason": "Agreed."}, headers={"If-Match": read.headers["ETag"]}
    )
    assert answer.status_code in (200, 412), answer.text
