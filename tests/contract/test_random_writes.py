"""While everybody writes at random: what is kept is never stale, and a poller misses nothing."""

import asyncio
import json
import random
import shutil
from collections.abc import AsyncIterator, Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.api.server.response_cache import CachedResponse, ResponseCache
from app.config import project_file
from app.queries.cache import CAPACITIES, ItemCache
from tests.build import Service, serving
from tests.contract.random_writes import ADMINISTRATOR, KINDS, MEETING, POLICE, RandomWrites
from tests.contract.test_release import alike
from tests.held_back import QUARTER, HeldBack, copied, make

SHORT, LONG = 2, 20
"""How often each kind of write is done."""
LISTS = ("/figures", "/indicators", "/priorities", "/targets", "/returns", "/reporting-periods", "/releases")
OF_GROUPS = (
    "/posts",
    "/groups",
    "/groups/board",
    "/groups/board/attendance?period=2017-18",
    "/meetings",
    f"/meetings/{MEETING}",
    "/decisions",
    "/forward-plan",
    "/recommendations",
    "/recommendations/risk-conferences",
)
ONE = (
    "/indicators/kept-by-police",
    "/indicators/kept-inside/series",
    "/indicators/kept-to-board/series",
    f"/indicators?period={QUARTER}",
    f"/returns/{QUARTER}~police",
    f"/reporting-periods/{QUARTER}",
    f"/reporting-periods/{QUARTER}/snapshot",
    "/plans/plan/checks",
    "/plans/plan/summary",
    "/returns/summary",
    "/me",
)


class CountingCache(ItemCache):
    """Counts what it had and what it had not."""

    def __init__(self, capacity: int) -> None:
        super().__init__(capacity)
        self.hits = self.misses = 0

    def get_many(self, space: Hashable, versions: Mapping[Any, Any], compute: Any) -> dict[Any, Any]:
        missing: list[Any] = []

        def counted(keys: list[Any]) -> Any:
            missing.extend(keys)
            return compute(keys)

        values = super().get_many(space, versions, counted)
        self.misses += len(missing)
        self.hits += len(values) - len(missing)
        return values


class Forgetful(ResponseCache):
    def put(self, key: tuple[bytes, ...], kept: CachedResponse) -> None:
        """Keeps nothing."""


@pytest.fixture(scope="module")
async def held(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> HeldBack:
    path = tmp_path_factory.mktemp("random") / "held.db"
    shutil.copyfile(sqlite_template, path)
    async with serving(f"sqlite:///{path}") as service:
        return await make(service, path)


@pytest.fixture
async def service(held: HeldBack, tmp_path: Path) -> AsyncIterator[Service]:
    async with serving(
        f"sqlite:///{copied(held, tmp_path / 'own.db')}", requests_a_minute=1_000_000
    ) as service:
        yield service


@pytest.fixture
def rounds(long_form: bool) -> int:
    return len(KINDS) * (LONG if long_form else SHORT)


async def test_what_is_kept_is_what_would_be_worked_out_anew(
    service: Service, held: HeldBack, rounds: int
) -> None:
    """For every viewer, after every write; and most of it is taken from what is kept."""
    chance = random.Random(9)
    writes = RandomWrites(service, held, random.Random(12))
    lines = service.database.caches["scorecard"] = CountingCache(CAPACITIES["scorecard"])
    async with serving(service.settings.database_url, requests_a_minute=1_000_000) as fresh:
        fresh.gateway.cache = Forgetful()
        for _ in range(rounds):
            await writes.write()
            for viewer in held.viewers.values():
                for path in (chance.choice(LISTS + ONE), chance.choice(OF_GROUPS)):
                    said = await service.get(path, viewer.token)
                    fresh.database.caches.clear()
                    anew = await fresh.get(path, viewer.token)
                    assert said.status_code == anew.status_code, path
                    if said.status_code == 200:
                        assert alike(said.text) == alike(anew.text), f"{path} for {viewer.name}"
    assert set(writes.done) == set(KINDS)
    assert all(writes.done.values()), writes.done
    assert lines.hits > lines.misses, (lines.hits, lines.misses)


def feeds() -> Iterator[str]:
    """Every resource that tells what changed since."""
    paths = json.loads((project_file("openapi") / "openapi.json").read_bytes())["paths"]
    for path, methods in paths.items():
        named = [each["name"] for each in methods.get("get", {}).get("parameters", [])]
        if "updated_since" in named:
            yield path


class Copy:
    """What a poller has of one feed."""

    def __init__(self, service: Service, feed: str, token: str) -> None:
        self.items: dict[str, Any] = {}
        self.changes = 0
        self.service, self.feed, self.token = service, feed, token
        self.as_of: str | None = None

    async def poll(self) -> None:
        since = f"&updated_since={self.as_of}" if self.as_of is not None else ""
        path: str | None = f"{self.feed}?limit=3{since}"
        while path is not None:
            answer = await self.service.get(path, self.token)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            for item in page["items"]:
                self.changes += 1
                if item.get("removed"):
                    self.items.pop(item["id"], None)
                else:
                    self.items[item["id"]] = item
            self.as_of, path = page["as_of"], page["next"]


async def test_a_poller_of_each_feed_ends_with_what_is_there(
    service: Service, held: HeldBack, rounds: int
) -> None:
    """Polled while three write, by everybody whom it answers."""
    copies = [
        Copy(service, feed, viewer.token)
        for feed in feeds()
        for viewer in (held.viewers[name] for name in (ADMINISTRATOR, POLICE, "a funder"))
        if (await service.get(f"{feed}?limit=1", viewer.token)).status_code == 200
    ]
    assert {copy.feed for copy in copies} == set(feeds())
    writers = [RandomWrites(service, held, random.Random(seed)) for seed in range(3)]

    async def write(writes: RandomWrites) -> None:
        for _ in range(rounds // 2):
            await writes.write()

    writing = asyncio.gather(*map(write, writers))
    while not writing.done():
        await asyncio.gather(*(copy.poll() for copy in copies))
    await writing
    for copy in copies:
        await copy.poll()
        whole = Copy(service, copy.feed, copy.token)
        await whole.poll()
        assert as_told(copy) == as_told(whole), copy.feed
    assert set().union(*(writes.done for writes in writers)) == set(KINDS)


def as_told(copy: Copy) -> dict[str, str]:
    """Without when a credential was last used, which is no change."""
    return {id_: alike(json.dumps(item, separators=(",", ":"))) for id_, item in copy.items.items()}
