"""What stands before every handler: limits, request ids, methods, and answers that are never old."""

from collections.abc import AsyncIterator

import httpx
import pytest

from app.api.server.response_cache import Cacheable, CachedResponse, ResponseCache
from tests.api.conftest import Stock
from tests.build import TODAY, Service, assert_problem, serving
from tests.town import Town, figures, row

METHODS = [
    ("/figures", "GET, HEAD, OPTIONS, POST"),
    ("/figures/1", "GET, HEAD, OPTIONS"),
    ("/indicators/asb-incidents", "GET, HEAD, OPTIONS, PATCH"),
    ("/keys/1", "DELETE, OPTIONS"),
    ("/plans/import", "OPTIONS, POST"),
    ("/sessions", "OPTIONS, POST"),
]


@pytest.mark.parametrize(("path", "allow"), METHODS)
async def test_a_method_that_is_not_there(
    one_service: Service, one_town: Town, path: str, allow: str
) -> None:
    answer = await one_service.ask("TRACE", path, one_town.admin)
    assert_problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allow
    asked = await one_service.ask("OPTIONS", path)
    assert (asked.status_code, asked.headers["allow"], asked.content) == (204, allow, b"")


@pytest.mark.parametrize(
    "path", ["/figures", "/indicators/asb-incidents", "/figures?format=csv", "/health", "/nowhere"]
)
async def test_head_is_get_without_its_body(one_service: Service, one_town: Town, path: str) -> None:
    whole = await one_service.get(path, one_town.analysts)
    for _ in ("first", "kept"):
        head = await one_service.ask("HEAD", path, one_town.analysts)
        assert (head.status_code, head.content) == (whole.status_code, b"")
        for name in ("etag", "content-type", "content-length", "cache-control"):
            assert head.headers.get(name) == whole.headers.get(name)


async def test_a_request_has_an_id(one_service: Service, one_town: Town) -> None:
    given = {"X-Request-ID": "import-2017.12_20-a"}
    for path in ("/figures", "/health", "/nowhere", "/figures?limit=0", "/figures?key=x"):
        answer = await one_service.get(path, one_town.analysts, headers=given)
        assert answer.headers.get_list("x-request-id") == ["import-2017.12_20-a"]
        made = await one_service.get(path, one_town.analysts)
        assert len(made.headers["x-request-id"]) == 16
    for bad in ("x" * 65, "a b", "<script>", "", "é"):
        headers = [(b"X-Request-ID", bad.encode()), (b"Authorization", b"Bearer nobody")]
        answer = await one_service.client.get("/api/v1/figures", headers=headers)
        assert len(answer.headers["x-request-id"]) == 16


@pytest.mark.parametrize(
    "name",
    [
        "key",
        "token",
        "api_key",
        "apikey",
        "access_token",
        "Authorization",
        "KEY",
        "api-key",
        "X-API-Key",
        "Key[]",
        "key[0]",
        "+key",
        "key+",
        "%6bey",
        "k%65%79",
        "%256bey",
        "%25256bey",
        "key%3D",
        "key%00",
        "a=1;key",
    ],
)
async def test_a_key_in_an_address(still_service: Service, still_town: Town, name: str) -> None:
    for query in (f"limit=1&{name}={still_town.analysts}", f"{name}={still_town.analysts}&limit=1"):
        answer = await still_service.client.get(
            httpx.URL("http://api.test/api/v1/figures", query=query.encode()),
            headers={"Authorization": f"Bearer {still_town.analysts}"},
        )
        assert_problem(answer, 401, "key_in_address")
        assert still_town.analysts not in answer.text
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("name", ["keys", "monkey", "name=key", "name=%26key", "keyed%3Da", "a%25b"])
async def test_a_parameter_that_only_looks_like_one(one_service: Service, one_town: Town, name: str) -> None:
    answer = await one_service.get(f"/figures?{name}=1", one_town.analysts)
    assert_problem(answer, 422, "unknown_parameter")


@pytest.mark.parametrize(
    "scheme", ["", "Bearer", "Bearer ", "Basic dXNlcjpw", "Bearer sp_unknown", "Bearer \u00e9"]
)
async def test_who_is_not_known(one_service: Service, scheme: str) -> None:
    headers = [(b"Authorization", scheme.encode("latin-1"))] if scheme else []
    answer = await one_service.client.get("/api/v1/figures", headers=headers)
    assert_problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.fixture
async def slow_service(sqlite_url: str, stock: Stock) -> AsyncIterator[Service]:
    async with serving(stock.copy_to(sqlite_url), requests_a_minute=5) as service:
        service.gateway.rate.clock = lambda: 90.0
        yield service


async def test_the_rate_is_limited_by_caller(slow_service: Service, stock: Stock) -> None:
    town = stock.town_of(slow_service.settings.database_url)
    answers = [await slow_service.get("/figures", town.analysts) for _ in range(5)]
    assert [each.status_code for each in answers] == [200] * 5
    left = [each.headers["ratelimit"].split(";")[1] for each in answers]
    assert left == ["r=4", "r=3", "r=2", "r=1", "r=0"]
    assert answers[0].headers["ratelimit-policy"] == '"caller";q=5;w=60'
    refused = await slow_service.get("/figures", town.analysts)
    assert_problem(refused, 429, "too_many_requests")
    assert refused.headers["retry-after"] == "30"
    assert refused.headers["ratelimit"].startswith('"caller";r=0;')
    assert (await slow_service.get("/figures", town.police)).status_code == 200, "others are not held up"


async def test_the_rate_is_not_got_round(slow_service: Service, stock: Stock) -> None:
    """One key is one caller, however its header is written, and whatever second header follows it."""
    town = stock.town_of(slow_service.settings.database_url)
    ways: list[list[tuple[str, str]]] = [
        [("Authorization", f"Bearer {town.analysts}")],
        [("Authorization", f"bearer {town.analysts}")],
        [("Authorization", f"BEARER   {town.analysts}")],
        [("authorization", f"Bearer {town.analysts} ")],
        [("Authorization", f"Bearer {town.analysts}"), ("Authorization", "Bearer other")],
        [("Authorization", f"Bearer {town.analysts}"), ("Authorization", "Bearer another")],
    ]
    statuses = [
        (await slow_service.client.get("/api/v1/areas", headers=httpx.Headers(each))).status_code
        for each in ways
    ]
    assert statuses == [200] * 5 + [429]


async def test_an_answer_is_kept_until_something_changes(service: Service, town: Town) -> None:
    path = "/figures?indicator=asb-incidents"
    first = await service.get(path, town.analysts)
    same = await service.get(path, town.analysts)
    assert same.content == first.content
    assert same.headers["etag"] == first.headers["etag"]
    await service.post("/figures", town.analysts, json=figures(row()))
    fresh = await service.get(path, town.analysts)
    assert len(fresh.json()["items"]) == len(first.json()["items"]) + 1
    assert fresh.headers["etag"] != first.headers["etag"]


async def test_a_kept_answer_is_for_its_caller_alone(service: Service, town: Town) -> None:
    path = "/figures?indicator=young-victims"
    inside = await service.get(path, town.analysts)
    outside = await service.get(path, town.funder)
    assert [each["value"] for each in inside.json()["items"]] == [4, 6]
    assert [each["value"] for each in outside.json()["items"]] == [None, None]
    assert inside.headers["etag"] != outside.headers["etag"]
    stale = await service.get(path, town.funder, headers={"If-None-Match": inside.headers["etag"]})
    assert stale.status_code == 200
    assert (await service.client.get(f"/api/v1{path}")).status_code == 401
    assert inside.headers["cache-control"] == "private, no-cache"
    assert {each.strip() for each in inside.headers["vary"].split(",")} >= {"Authorization", "Accept"}


async def test_a_revoked_key_is_refused_at_once(service: Service, town: Town) -> None:
    assert (await service.get("/figures", town.analysts)).status_code == 200
    keys = await service.items("/keys", town.admin)
    mine = next(each for each in keys if each["agency"]["code"] == "analysts")
    await service.ask(
        "DELETE", f"/keys/{mine['id']}", town.admin, headers={"If-Match": f'"{mine["version"]}"'}
    )
    assert_problem(await service.get("/figures", town.analysts), 401, "unauthenticated")


def make_response(seq: int = 1, size: int = 1, until: float = 2e9) -> CachedResponse:
    return CachedResponse([], b"x" * size, Cacheable(seq, TODAY, b'"x"', until))


def test_kept_answers_go_when_they_are_old_or_too_many() -> None:
    cache = ResponseCache()
    key = (b"caller", b"/path")
    cache.put(key, make_response())
    assert cache.get(key, 1, TODAY) is not None
    assert cache.get(key, 1, TODAY.replace(day=21)) is None, "another day"
    cache.put(key, make_response())
    assert cache.get(key, 2, TODAY) is None, "a later change"
    cache.put(key, make_response(until=1.0))
    assert cache.get(key, 1, TODAY) is None, "the credential has run out"
    cache.put(key, make_response(size=3 * 1024 * 1024))
    assert cache.get(key, 1, TODAY) is None, "too large to keep"
    for number in range(40):
        cache.put((b"caller", str(number).encode()), make_response(size=1024 * 1024))
    assert cache.get((b"caller", b"0"), 1, TODAY) is None
    assert cache.get((b"caller", b"39"), 1, TODAY) is not None


@pytest.mark.parametrize("path", ["/me", "/health", "/nothing-here"])
async def test_an_answer_is_data_and_nothing_else(one_service: Service, one_town: Town, path: str) -> None:
    answer = await one_service.get(path, one_town.admin)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["strict-transport-security"].startswith("max-age=")
