"""One error shape, whatever went wrong, and one table from what went wrong to its status."""

from typing import Any

import httpx
import pytest
from fastapi import APIRouter
from starlette.exceptions import HTTPException

from app.api.server.problem import TITLES, Forbidden, Refused, as_refused
from app.domain.access.authority import Actor
from app.domain.errors import Conflict, NotFound, RuleBroken
from app.main import create_app
from app.models.finding import field_error
from tests.build import Service, assert_problem
from tests.town import Town

ACTOR = Actor("somebody", "key:1", ())
SHAPE = {"type", "title", "status", "detail", "code", "request_id", "errors"}


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refused(428, "if_match_required", "Read it first."), 428, "if_match_required"),
        (Forbidden("plan:write", ACTOR), 403, "forbidden"),
        (NotFound("The figure"), 404, "not_found"),
        (Conflict("taken", "It is taken."), 409, "taken"),
        (RuleBroken("period", "bad_period", "Expected a period."), 422, "bad_period"),
        (HTTPException(400, "Not JSON."), 400, "malformed"),
        (HTTPException(405), 405, "method_not_allowed"),
        (HTTPException(413), 413, "too_large"),
        (ZeroDivisionError("secret detail"), 500, "internal"),
        (KeyError("secret detail"), 500, "internal"),
    ],
)
def test_the_table(error: Exception, status: int, code: str) -> None:
    refused = as_refused(error)
    assert (refused.status, refused.code) == (status, code)
    assert refused.status in TITLES
    assert "secret" not in refused.detail


async def test_every_answer_that_refuses_has_it(one_service: Service, one_town: Town) -> None:
    asked: list[tuple[int, str, str, dict[str, Any]]] = [
        (400, "POST", "/keys", {"content": b"{", "headers": {"Content-Type": "application/json"}}),
        (401, "GET", "/figures", {"headers": {"Authorization": "Bearer nobody"}}),
        (403, "PATCH", "/users/1", {"json": {"name": "x"}}),
        (404, "GET", "/figures/0", {}),
        (404, "GET", "/nowhere", {}),
        (405, "DELETE", "/figures", {}),
        (412, "PATCH", "/indicators/hate-crime", {"json": {"reason": "x"}, "headers": {"If-Match": '"9"'}}),
        (413, "POST", "/keys", {"content": b"x" * 2**21, "headers": {"Content-Type": "application/json"}}),
        (415, "POST", "/keys", {"content": b"x"}),
        (422, "GET", "/figures?limit=0", {}),
        (422, "POST", "/figures", {"json": {"figures": [{}]}}),
        (428, "PATCH", "/indicators/hate-crime", {"json": {"reason": "x"}}),
    ]
    for status, method, path, rest in asked:
        token = one_town.admin if path == "/keys" else one_town.staff
        known = "Authorization" in rest.get("headers", {})
        answer = await one_service.ask(method, path, None if known else token, **rest)
        document = answer.json()
        assert_problem(answer, status, document["code"])
        assert document.keys() >= SHAPE
        assert document["type"] == f"urn:saferplan:problem:{document['code']}"
        assert document["title"] == TITLES[status]
        assert document["detail"].endswith((".", "?"))
        for error in document["errors"]:
            assert error.keys() == {"field", "row", "code", "message"}
            assert error["message"].endswith((".", "?"))


async def test_no_address_falls_between_the_api_and_its_pages(one_service: Service, one_town: Town) -> None:
    both = httpx.ASGITransport(app=create_app(one_service.settings))
    headers = {"Authorization": f"Bearer {one_town.admin}"}
    async with httpx.AsyncClient(transport=both, base_url="http://both.test", headers=headers) as client:
        for path in ("/nowhere", "/indicators/a%0Ab", "/indicators/%0A/series", "/users/%C2%A0%0Ab", "/%0A"):
            assert_problem(await client.get(f"/api/v1{path}"), 404, "not_found")
        assert (await client.get("/api/v1/health")).json() == {"status": "ok"}


async def test_a_fault_of_ours_tells_nothing_and_keeps_nothing(service: Service, town: Town) -> None:
    router = APIRouter()

    @router.get("/fault")
    def fault() -> None:
        raise RuntimeError("secret detail")

    service.gateway.app.include_router(router, prefix="/api/v1")
    answer = await service.get("/fault", town.analysts)
    assert_problem(answer, 500, "internal")
    assert "secret" not in answer.text


def test_what_was_sent_is_not_repeated() -> None:
    finding = {
        "type": "string_type",
        "loc": ("body", "password"),
        "msg": "Input should be a valid string",
        "input": "canary",
    }
    assert field_error(finding) == {
        "field": "password",
        "row": None,
        "code": "string_type",
        "message": "Input should be a valid string.",
    }
