"""Lists: pages, and the feed by which a poller keeps a copy."""

import asyncio
import base64
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import begin_epoch
from tests.api.conftest import Stock
from tests.build import Service, assert_problem, make_agency, serving
from tests.town import Town, figures, row

FILLED = (
    "/figures",
    "/indicators",
    "/targets",
    "/priorities",
    "/agencies",
    "/areas",
    "/keys",
    "/audit-events",
)


@pytest.mark.parametrize("path", FILLED)
async def test_pages_make_the_whole(service: Service, town: Town, path: str) -> None:
    whole = (await service.get(path, town.admin, params={"limit": "500"})).json()
    assert whole["next"] is None
    assert len(whole["items"]) > 1
    walked: list[Any] = []
    answer = await service.get(path, town.admin, params={"limit": "1"})
    while True:
        page = answer.json()
        assert (len(page["items"]), page["as_of"]) == (1, whole["as_of"])
        walked += page["items"]
        if page["next"] is None:
            assert "link" not in answer.headers
            break
        assert answer.headers["link"] == f'<{page["next"]}>; rel="next"'
        answer = await service.get(page["next"], town.admin)
    for each in walked + whole["items"]:
        each.pop("last_used_at", None)  # walking the pages is a use of the key
    assert walked == whole["items"]


async def test_a_page_keeps_its_filters_and_its_moment(service: Service, town: Town) -> None:
    """What changes while somebody pages through is told by `updated_since` next time, not lost."""
    first = (await service.get("/figures?indicator=asb-incidents&limit=2", town.analysts)).json()
    address = f"/api/v1/figures/{first['items'][0]['id']}"
    change = row(period="2016-17-Q1", value=4121, reason="recount")
    new = row(period="2017-18-Q2")
    await service.post("/figures", town.analysts, json=figures(change, new, row("hate-crime")))
    rest: list[Any] = []
    page = first
    while page["next"] is not None:
        page = (await service.get(page["next"], town.analysts)).json()
        assert page["as_of"] == first["as_of"]
        rest += page["items"]
    assert {each["indicator"] for each in rest} == {"asb-incidents"}
    since = {"updated_since": first["as_of"], "indicator": "asb-incidents"}
    changed = await service.items("/figures", town.analysts, **since)
    assert [(each["period"], each["value"]) for each in changed] == [
        ("2016-17-Q1", 4121),
        ("2017-18-Q2", 4200),
    ]
    assert f"/api/v1/figures/{changed[0]['id']}" == address


@pytest.mark.parametrize("path", ["/figures", "/indicators", "/returns", "/releases", "/audit-events"])
async def test_a_moment_that_never_was_is_refused(one_service: Service, one_town: Town, path: str) -> None:
    """A poller that read on after a backup was put back would miss what changed, and never know."""
    now = (await one_service.get(path, one_town.admin)).json()["as_of"]
    assert (await one_service.get(path, one_town.admin, params={"updated_since": now})).status_code == 200
    beyond = f"s{int(now[1:]) + 1}"
    answer = await one_service.get(path, one_town.admin, params={"updated_since": beyond})
    (error,) = assert_problem(answer, 422, "state_put_back", "updated_since")["errors"]
    assert "Read everything anew" in error["message"]
    cursor = base64.urlsafe_b64encode(f"0.{beyond[1:]}".encode()).decode().rstrip("=")
    answer = await one_service.get(path, one_town.admin, params={"cursor": cursor})
    assert_problem(answer, 422, "state_put_back", "cursor")


async def test_after_a_restore_nothing_told_before_it_passes_for_what_is_there(
    service: Service, town: Town
) -> None:
    """Not even where the numbers that came back have grown past those that were told."""
    first = await service.get("/figures", town.admin, params={"limit": 1})
    page, etag = first.json(), first.headers["etag"]
    begin_epoch(service.database)
    again = await service.get("/figures", town.admin, params={"limit": 1}, headers={"If-None-Match": etag})
    assert again.status_code == 200
    assert again.json()["as_of"].startswith(f"{page['as_of']}-")
    with service.writing() as session:
        make_agency(session, town.partnership, code="newcomer")
    for old in (page, again.json()):
        is_old = old is page
        told = await service.get("/figures", town.admin, params={"updated_since": old["as_of"]})
        paged = await service.get(old["next"].removeprefix("/api/v1"), town.admin)
        assert [told.status_code, paged.status_code] == ([422, 422] if is_old else [200, 200])
        assert not is_old or {told.json()["code"], paged.json()["code"]} == {"state_put_back"}


MOVES = st.one_of(
    st.tuples(st.just("post"), st.integers(0, 11), st.integers(0, 50)),
    st.tuples(st.just("page"), st.integers(1, 3), st.just(0)),
)


@given(moves=st.lists(MOVES, min_size=1, max_size=12))
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_poller_ends_with_the_servers_state(
    moves: list[tuple[str, int, int]], stock: Stock, sqlite_url: str
) -> None:
    """However figures are sent between its pages, applying what they give makes the same list."""
    url = stock.copy_to(sqlite_url)
    Path(f"{url.removeprefix('sqlite:///')}-wal").unlink(missing_ok=True)
    asyncio.run(_follow(url, stock.town_of(url), moves))


async def _follow(url: str, town: Town, moves: list[tuple[str, int, int]]) -> None:
    copy: dict[str, Any] = {}
    async with serving(url) as service:
        poller = Poller(service, town.analysts, copy)
        for kind, number, value in moves:
            if kind == "page":
                await poller.turn(limit=number)
                continue
            sent = row(period=f"2015-{number + 1:02d}/2016-{number + 1:02d}", value=value, reason="again")
            answer = await service.post("/figures", town.analysts, json=figures(sent))
            assert answer.status_code == 201
        await poller.finish()
        served = {each["id"]: each for each in await service.items("/figures", town.analysts)}
    assert copy == served


class Poller:
    """Applies pages to a copy, one at a time; begins again from `as_of` when it reaches the last."""

    def __init__(self, service: Service, token: str, copy: dict[str, Any]) -> None:
        self.service, self.token, self.copy = service, token, copy
        self.following: str | None = None
        self.since: str | None = None

    async def turn(self, limit: int = 100) -> bool:
        """One page; whether it was a last one."""
        params = {"limit": str(limit)} | ({"updated_since": self.since} if self.since else {})
        answer = (
            await self.service.get(self.following, self.token)
            if self.following
            else await self.service.get("/figures", self.token, params=params)
        )
        page = answer.json()
        self.copy.update({each["id"]: each for each in page["items"]})
        self.following = page["next"]
        if self.following is None:
            self.since = page["as_of"]
        return self.following is None

    async def finish(self) -> None:
        while not await self.turn():
            pass
        while not await self.turn():
            pass


async def test_a_list_says_what_left_it(service: Service, town: Town) -> None:
    police = {"agency": "police"}
    page = (await service.get("/indicators", town.staff, params=police)).json()
    codes = {each["code"]: each["id"] for each in page["items"]}
    assert set(codes) == {"repeat-domestic-abuse", "hate-crime", "young-victims"}
    moved = {"responsible_agency": "council", "reason": "the council counts it now"}
    answer = await service.ask(
        "PATCH", "/indicators/hate-crime", town.staff, json=moved, headers={"If-Match": "*"}
    )
    assert answer.status_code == 200
    left = await service.items("/indicators", town.staff, **police, updated_since=page["as_of"])
    assert left == [{"id": codes["hate-crime"], "removed": True}]
    came = await service.items("/indicators", town.staff, agency="council", updated_since=page["as_of"])
    assert [each["code"] for each in came] == ["hate-crime"]
    assert await service.items("/indicators", town.staff, agency="nobody") == []


async def test_a_new_title_reaches_those_read_with_it(service: Service, town: Town) -> None:
    pair = {"paired_with": "asb-incidents", "reporting_sensitive": True, "reason": "read together"}
    await service.ask("PATCH", "/indicators/hate-crime", town.staff, json=pair, headers={"If-Match": "*"})
    as_of = (await service.get("/indicators", town.staff)).json()["as_of"]
    title = {"title": "Nuisance", "reason": "plainer"}
    await service.ask("PATCH", "/indicators/asb-incidents", town.staff, json=title, headers={"If-Match": "*"})
    changed = await service.items("/indicators", town.staff, updated_since=as_of)
    assert {each["code"] for each in changed} == {"asb-incidents", "hate-crime"}
    whole = (await service.get("/indicators/hate-crime", town.staff)).json()
    assert whole["paired_with"] == {"code": "asb-incidents", "name": "Nuisance"}


async def test_an_instant_is_inclusive(service: Service, town: Town) -> None:
    await service.post("/figures", town.analysts, json=figures(row()))
    latest = (await service.items("/figures", town.analysts))[-1]
    at = latest["recorded_at"]
    assert latest in await service.items("/figures", town.analysts, updated_since=at)
    zoned = datetime.fromisoformat(at).isoformat()
    unencoded = await service.get(f"/figures?updated_since={zoned}", town.analysts)
    assert unencoded.status_code == 200, "a plus sign that was not encoded is still a plus sign"
    assert await service.items("/figures", town.analysts, updated_since="2100-01-01T00:00:00Z") == []
    everything = await service.items("/figures", town.analysts, updated_since="2000-01-01T00:00:00Z")
    assert everything == await service.items("/figures", town.analysts)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("limit", "-1", "invalid"),
        ("limit", "0", "invalid"),
        ("limit", "501", "invalid"),
        ("limit", "many", "invalid"),
        ("limit", "1e2", "invalid"),
        ("cursor", "MQ", "bad_cursor"),
        ("cursor", "é", "bad_cursor"),
        ("cursor", base64.urlsafe_b64encode(b"9999999999.1").decode(), "bad_cursor"),
        ("cursor", base64.urlsafe_b64encode(b"1.99999999999999999999").decode(), "bad_cursor"),
        ("cursor", base64.urlsafe_b64encode(b"-1.1").decode(), "bad_cursor"),
        ("updated_since", "yesterday", "bad_instant"),
        ("updated_since", "2017-12-20", "bad_instant"),
        ("updated_since", "2017-12-20T09:00:00", "bad_instant"),
        ("updated_since", "0001-01-01T00:00:00+14:00", "bad_instant"),
        ("updated_since", "9999-12-31T23:59:59-14:00", "bad_instant"),
        ("updated_since", "s99999999999999999999", "bad_instant"),
        ("updated_since", "s-1", "bad_instant"),
        ("format", "xml", "invalid"),
        ("colour", "red", "unknown_parameter"),
        ("indicators", "asb-incidents", "unknown_parameter"),
        ("indicator", "a\u0000b", "bad_character"),
    ],
)
async def test_a_parameter_that_cannot_be(
    still_service: Service, still_town: Town, name: str, value: str, code: str
) -> None:
    answer = await still_service.get("/figures", still_town.analysts, params={name: value})
    assert_problem(answer, 422, code, name)


async def test_a_parameter_is_given_once(one_service: Service, one_town: Town) -> None:
    answer = await one_service.get("/figures?limit=1&limit=2", one_town.analysts)
    assert_problem(answer, 422, "parameter_twice", "limit")


async def test_a_misspelt_parameter_suggests_the_nearest(one_service: Service, one_town: Town) -> None:
    problem = (await one_service.get("/figures?indicatr=x", one_town.analysts)).json()
    assert "“indicator”" in problem["detail"]
    one: httpx.Response = await one_service.get("/figures/1?format=csv", one_town.analysts)
    assert_problem(one, 422, "unknown_parameter", "format")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/csv", "text/csv"),
        ("text/csv, application/json;q=0.5", "text/csv"),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("text/html,*/*", "application/json"),
        ("", "application/json"),
    ],
)
async def test_the_form_asked_for(one_service: Service, one_town: Town, accept: str, kind: str) -> None:
    answer = await one_service.get("/figures", one_town.analysts, headers={"Accept": accept})
    assert answer.headers["content-type"].startswith(kind)


@pytest.mark.parametrize("path", ["/audit-events", "/submissions"])
async def test_a_list_is_read_from_its_end_too(service: Service, town: Town, path: str) -> None:
    await service.post("/figures", town.analysts, json=figures(row(period="2017-18-Q2")))
    oldest = [each["id"] for each in await service.items(path, town.admin)]
    newest = [each["id"] for each in await service.items(path, town.admin, order="newest", limit="1")]
    assert len(oldest) > 1
    assert newest == oldest[::-1]
