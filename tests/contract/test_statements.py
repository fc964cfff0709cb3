"""The number of SQL statements of a GET does not grow with what it shows."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from app.api.routes import ROUTES
from app.api.server.response_cache import ResponseCache
from app.db import Database
from tests.api.conftest import Stock
from tests.build import Service, make_person, serving
from tests.contract.test_tenancy import address_of, prepare
from tests.contract.walk import method_of, path_of
from tests.town import Town, figures, row

MOST = 26
MOST_OF_A_DOCUMENT = 40
"""A few for each of its sections."""
"""Four to know who asks and of what, the rest for the answer; the fullest is one indicator whole."""
READS = [each for each in ROUTES if method_of(each) == "GET"]


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


async def cost(service: Service, path: str, token: str) -> int:
    """Reads of one GET with nothing worked out beforehand."""
    service.database.caches.clear()
    service.gateway.cache = ResponseCache()
    with counted(service.database) as statements:
        answer = await service.get(path, token)
    assert answer.status_code == 200, answer.text
    return sum(each.startswith("SELECT") for each in statements)


async def cost_of(service: Service, town: Town, path: str) -> int:
    """Of the town's own thing, where the route is of one."""
    if "user_id" in path:
        with service.writing() as session:
            make_person(session, town.partnership)
    address = await address_of(service, town, path)
    await prepare(service, town, path)
    return await cost(service, address, town.admin)


@pytest.fixture(scope="module")
async def full(sqlite_template: Path, stock: Stock, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the town with many figures in it, to copy: they take longer to send than all reads of them."""
    path = tmp_path_factory.mktemp("full") / "saferplan.db"
    shutil.copyfile(sqlite_template, path)
    months = [
        f"{year}-{month:02d}/{year}-{month:02d}" for year in range(2004, 2012) for month in range(1, 13)
    ]
    async with serving(stock.copy_to(f"sqlite:///{path}")) as service:
        for area in ("E08000032", "E05001341"):
            sent = figures(
                *(row(period=month, area=area) for month in months),
                *(row("hate-crime", month, area=area) for month in months),
            )
            staff = stock.town_of(service.settings.database_url).staff
            assert (await service.post("/figures", staff, json=sent)).status_code == 201
    return path


@pytest.mark.parametrize("route", READS, ids=path_of)
async def test_a_read_is_a_few_statements(
    one_service: Service, one_town: Town, full: Path, tmp_path: Path, route: Any
) -> None:
    few = await cost_of(one_service, one_town, path_of(route))
    shutil.copyfile(full, tmp_path / "full.db")
    async with serving(f"sqlite:///{tmp_path / 'full.db'}") as service:
        many = await cost_of(service, one_town, path_of(route))
    assert many <= few, "it grows with what is stored"
    assert few <= (MOST_OF_A_DOCUMENT if path_of(route).endswith("/document") else MOST)
