"""What monitoring reads: metrics for whoever holds the scope, readiness for everybody."""

import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from sqlmodel import select

from app.db import Database
from app.domain.access.authority import Scope
from app.models.plan.partnership import Agency
from tests.build import Service, assert_problem, make_key, serving
from tests.town import Town, figures, row


async def metrics(service: Service, token: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    answer = await service.get("/metrics", token)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def requests(method: str, route: str, status: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    labels = (("method", method), ("route", route), ("status", status))
    return ("saferplan_requests_total", labels)


async def test_requests_are_counted_by_route_and_status(service: Service, town: Town) -> None:
    number = (await service.get("/figures?limit=1", town.analysts)).json()["items"][0]["id"]
    for _ in range(3):
        await service.get(f"/figures/{number}", town.analysts)
    await service.ask("HEAD", f"/figures/{number}", town.analysts)
    await service.get("/figures/999", town.analysts)
    await service.get("/figures?key=secret", town.analysts)
    await service.get("/nowhere", town.analysts)
    await service.ask("BREW", "/figures", town.analysts)
    sent = await service.post("/figures", town.analysts, json=figures(row(value=4300, reason="x")))
    assert sent.status_code == 201
    found = await metrics(service, town.admin)
    one = "/api/v1/figures/{figure_id}"
    assert found[requests("GET", one, "200")] == 3
    assert found[requests("HEAD", one, "200")] == 1
    assert found[requests("GET", one, "404")] == 1
    assert found[requests("GET", "none", "401")] == 1
    assert found[requests("GET", "none", "404")] == 1
    assert found[requests("other", "/api/v1/figures", "405")] == 1
    assert found[requests("POST", "/api/v1/figures", "201")] == 1
    outcomes = [found["saferplan_cached_answers_total", (("outcome", each),)] for each in ("hit", "miss")]
    assert outcomes == [3, 5], "the second and third look, and the HEAD"


async def test_the_state_of_the_service_is_told(service: Service, town: Town) -> None:
    before = await metrics(service, town.admin)
    await service.post("/figures", town.analysts, json=figures(row(value=4300, reason="x")))
    after = await metrics(service, town.admin)
    assert after["saferplan_ledger_number", ()] == before["saferplan_ledger_number", ()] + 1
    assert after["saferplan_pool_connections", ()] >= 1, "this very read's"
    assert after["saferplan_pool_connections_most", ()] == service.database.connections
    for kind in ("read", "write"):
        assert after["saferplan_waiting", (("kind", kind),)] == 0
    assert ("saferplan_worker_last_round_timestamp_seconds", ()) not in after, "it works apart"


async def test_the_worker_inside_tells_of_its_rounds(sqlite_url: str, stock: Any) -> None:
    async with serving(stock.copy_to(sqlite_url), worker="inside") as service:
        town = stock.town_of(sqlite_url)
        assert ("saferplan_worker_last_round_timestamp_seconds", ()) in await metrics(service, town.admin)


async def test_they_need_their_scope(one_service: Service, one_town: Town) -> None:
    assert_problem(await one_service.get("/metrics"), 401, "unauthenticated")
    for token in (one_town.analysts, one_town.staff):
        assert_problem(await one_service.get("/metrics", token), 403, "forbidden")
    with one_service.writing() as session:
        agency = session.exec(select(Agency).where(Agency.code == "police")).one()
        made = make_key(session, one_town.partnership, agency=agency, scopes=[Scope.READ_METRICS])
    assert await metrics(one_service, made.secret)


async def test_ready(service: Service) -> None:
    answer = await service.get("/ready")
    assert answer.json() == {"status": "ready", "database": "ok", "disk": "ok", "migrations": "ok"}
    assert answer.headers["cache-control"] == "no-store"


async def test_not_ready_while_the_tables_are_another_version_s(service: Service) -> None:
    with service.database.write_without_seq() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001_spine'"))
    problem = assert_problem(await service.get("/ready"), 503, "not_ready", "migrations")
    assert [each["code"] for each in problem["errors"]] == ["not_migrated"]
    assert (await service.get("/health")).status_code == 200


async def test_not_ready_with_a_full_disk(one_service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(100, 99, 1))
    assert_problem(await one_service.get("/ready"), 503, "not_ready", "disk")


@pytest.mark.tampers
async def test_not_ready_without_its_database(one_service: Service, tmp_path: Path) -> None:
    one_service.gateway.app.state.database = Database(f"sqlite:///{tmp_path}/nowhere/none.db")
    answer = await one_service.get("/ready")
    assert_problem(answer, 503, "not_ready", "database")
    assert int(answer.headers["retry-after"]) > 0
    assert (await one_service.get("/health")).json() == {"status": "ok"}
