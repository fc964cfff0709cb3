"""Bodies: how large, in what form, and how exactly they are read."""

import gzip
import json
import re
from collections.abc import AsyncIterator
from decimal import Decimal

import httpx
import pytest
from starlette.exceptions import HTTPException

from app.api import create_api
from app.api.server.openapi import document
from app.api.server.strict_json import parse_json
from app.config import Settings
from tests.build import Service, assert_problem
from tests.town import Town, figures, row

MIB = 1024 * 1024
JSON = {"Content-Type": "application/json"}
EDIT = {"reason": "tidier", "note": "x"}


def test_numbers_are_read_exactly() -> None:
    assert parse_json(b"[0.1, 12, 1E2, -0.0, 999999999999999.999]") == [
        Decimal("0.1"),
        Decimal(12),
        Decimal(100),
        Decimal(0),
        Decimal("999999999999999.999"),
    ]


@pytest.mark.parametrize("body", [b'{"a": 1, "a": 1}', b'{"b": {"a": 1, "a": 2}}', b"[1", b"\xff"])
def test_what_cannot_be_read(body: bytes) -> None:
    with pytest.raises(HTTPException) as caught:
        parse_json(body)
    assert caught.value.status_code == 400


async def too_large(service: Service, town: Town, path: str, kind: str, body: bytes) -> None:
    answer = await service.post(path, town.admin, content=body, headers={"Content-Type": kind})
    assert_problem(answer, 413, "too_large")

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    streamed = await service.post(path, town.admin, content=pieces(), headers={"Content-Type": kind})
    assert_problem(streamed, 413, "too_large")


async def test_a_body_too_large_is_refused_before_it_is_read(
    still_service: Service, still_town: Town
) -> None:
    """It is not JSON at all, and yet 413: nobody parses what is too long."""
    await too_large(still_service, still_town, "/figures", "application/json", b"x" * (10 * MIB + 1))
    await too_large(still_service, still_town, "/figures", "text/csv", b"x" * (10 * MIB + 1))
    await too_large(still_service, still_town, "/plans/import", "application/yaml", b"x" * (10 * MIB + 1))
    await too_large(still_service, still_town, "/keys", "application/json", b"x" * (MIB + 1))
    await too_large(still_service, still_town, "/sessions", "application/json", b"x" * (MIB + 1))


async def test_where_no_parameter_is_taken_none_is_listed(still_service: Service) -> None:
    answer = await still_service.get("/health?x=1")
    (error,) = assert_problem(answer, 422, "unknown_parameter", "x")["errors"]
    assert error["message"] == "There is no such parameter here. None is taken."


@pytest.mark.parametrize(
    ("scopes", "said"),
    [([], "Expected at least 1 entry."), (["plan:read"] * 1_000, "Expected at most 20 entries.")],
)
async def test_a_list_has_entries(
    still_service: Service, still_town: Town, scopes: list[str], said: str
) -> None:
    sent = {"name": "Records system", "agency": "police", "scopes": scopes}
    answer = await still_service.post("/keys", still_town.admin, json=sent)
    assert said in [error["message"] for error in answer.json()["errors"]]


WITHOUT_BODY = (
    ("POST", "/keys/{key}/rotate"),
    ("POST", "/users/1/link"),
    ("POST", "/uploads/1/submit"),
    ("POST", "/messages/1/retry"),
    ("POST", "/returns/1/remind"),
    ("POST", "/grants/1/payments/1/authorise"),
    ("POST", "/grants/1/variations/1/withdraw"),
    ("POST", "/grants/1/claims/1/submit"),
    ("POST", "/grants/1/claims/1/take-back"),
    ("DELETE", "/recommendations/1/evidence/1"),
    ("DELETE", "/keys/{key}"),
    ("DELETE", "/sessions/current"),
)


@pytest.mark.parametrize(("method", "path"), WITHOUT_BODY)
@pytest.mark.parametrize("body", [b'{"overlap_hours": 1}', b"[]", b"null", b"a=1", b"{"])
async def test_what_takes_no_body_refuses_one(
    still_service: Service, still_town: Town, method: str, path: str, body: bytes
) -> None:
    keys = await still_service.items("/keys", still_town.admin)
    address = path.format(key=keys[0]["id"])
    headers = {**JSON, "If-Match": "*"}
    answer = await still_service.ask(method, address, still_town.admin, content=body, headers=headers)
    assert_problem(answer, 422, "body_not_taken")
    after = await still_service.items("/keys", still_town.admin)
    assert [each["version"] for each in after] == [each["version"] for each in keys]


def test_every_route_that_takes_no_body_is_among_them() -> None:
    paths = document(create_api(Settings()).app)["paths"]
    without = {
        (method.upper(), re.sub(r"\{\w+\}", "*", path.removeprefix("/api/v1")))
        for path, methods in paths.items()
        for method, said in methods.items()
        if method != "get" and "requestBody" not in said
    }
    assert without == {(method, re.sub(r"\{key\}|1", "*", path)) for method, path in WITHOUT_BODY}


@pytest.mark.parametrize("body", [b"", b"{}", b" { }\n"])
async def test_an_empty_body_says_nothing(one_service: Service, one_town: Town, body: bytes) -> None:
    (key, *_) = await one_service.items("/keys", one_town.admin)
    answer = await one_service.post(f"/keys/{key['id']}/rotate", one_town.admin, content=body, headers=JSON)
    assert answer.status_code == 201, answer.text


async def test_an_upload_may_be_larger_than_other_bodies(one_service: Service, one_town: Town) -> None:
    sent = json.dumps(figures(row())).encode() + b" " * (2 * MIB)
    answer = await one_service.post("/figures?dry_run=true", one_town.analysts, content=sent, headers=JSON)
    assert answer.status_code == 200, answer.text


async def test_too_many_rows(still_service: Service, still_town: Town) -> None:
    line = "\nasb-incidents,2017-18-Q2,1"
    sent = "indicator,period,value" + line * 20_001
    answer = await still_service.post(
        "/figures", still_town.analysts, content=sent.encode(), headers={"Content-Type": "text/csv"}
    )
    assert_problem(answer, 422, "too_many_rows")


async def test_a_compressed_body(one_service: Service, one_town: Town) -> None:
    packed = gzip.compress(json.dumps(figures(row())).encode())
    for encoding in ("gzip", "br", "deflate", "zstd"):
        headers = {**JSON, "Content-Encoding": encoding}
        answer = await one_service.post("/figures", one_town.analysts, content=packed, headers=headers)
        assert_problem(answer, 415, "compressed_body")


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "/figures", "text/plain"),
        ("POST", "/figures", "application/x-www-form-urlencoded"),
        ("POST", "/figures", "multipart/form-data; boundary=x"),
        ("POST", "/figures", ""),
        ("POST", "/plans/import", "application/json"),
        ("POST", "/keys", "text/plain"),
        ("POST", "/keys", "application/ld+json"),
        ("POST", "/sessions", "application/x-www-form-urlencoded"),
        ("PATCH", "/indicators/asb-incidents", "text/csv"),
        ("PATCH", "/indicators/asb-incidents", ""),
    ],
)
async def test_another_content_type(
    still_service: Service, still_town: Town, method: str, path: str, kind: str
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    body = json.dumps(EDIT).encode()
    answer = await still_service.ask(method, path, still_town.admin, content=body, headers=headers)
    assert_problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8"])
async def test_the_content_type_as_people_write_it(one_service: Service, one_town: Town, kind: str) -> None:
    headers = {"Content-Type": kind, "If-Match": "*"}
    body = json.dumps(EDIT).encode()
    answer = await one_service.ask(
        "PATCH", "/indicators/asb-incidents", one_town.staff, content=body, headers=headers
    )
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        (b'{"reason": "x", "note": NaN}', 422, "invalid", "note"),
        (b'{"reason": "x", "tolerance": Infinity}', 422, "invalid", "tolerance"),
        (b'{"reason": "x", "tolerance": 1e400}', 422, "invalid", "tolerance"),
        (b'{"reason": "x", "tolerance": "1"}', 422, "invalid", "tolerance"),
        (b'{"reason": "x", "publication_lag_days": true}', 422, "invalid", "publication_lag_days"),
        (b'{"reason": "x", "reporting_sensitive": 1}', 422, "invalid", "reporting_sensitive"),
        (b'{"reason": "x", "reporting_sensitive": "yes"}', 422, "invalid", "reporting_sensitive"),
        (b'{"reason": "x", "title": "two\\nlines"}', 422, "invalid", "title"),
        (b'{"reason": "x", "title": "\\ud800"}', 422, "invalid", "title"),
        (b'{"reason": "x", "title": "a\\u202eb"}', 422, "invalid", "title"),
        (b'{"reason": "x", "\\ud800": 1}', 422, "invalid", None),
        (b'{"reason": "   "}', 422, "invalid", "reason"),
        (b'{"note": "x"}', 422, "invalid", "reason"),
        (b'{"reason": "x", "code": "renamed"}', 422, "invalid", "code"),
        (b'{"reason": "x", "note": "a", "note": "b"}', 400, "malformed", None),
        (b"\xff", 400, "malformed", None),
        (b"[" * 100_000, 400, "malformed", None),
        (b'["reason"]', 422, "invalid", None),
        (b"null", 422, "invalid", None),
        (b"", 422, "invalid", None),
    ],
    ids=range(20),
)
async def test_an_edit_that_cannot_be(
    still_service: Service, still_town: Town, body: bytes, status: int, code: str, field: str | None
) -> None:
    headers = {**JSON, "If-Match": "*"}
    path = "/indicators/asb-incidents"
    before = (await still_service.get(path, still_town.staff)).json()
    answer: httpx.Response = await still_service.ask(
        "PATCH", path, still_town.staff, content=body, headers=headers
    )
    assert_problem(answer, status, code, field)
    assert (await still_service.get(path, still_town.staff)).json() == before


async def test_a_refusal_never_repeats_a_password(one_service: Service, one_town: Town) -> None:
    for body in (
        {"email": "a@b.example", "password": ["canary-3f9c"]},
        {"email": 1, "password": "canary-3f9c"},
        {"email": "a@b.example", "password": "canary-3f9c", "extra": "canary-3f9c"},
        {"email": "a@b.example", "password": "canary-3f9c"},
    ):
        answer = await one_service.post("/sessions", json=body)
        assert answer.status_code in (401, 422)
        assert "canary" not in answer.text
