"""The number of SQL statements of a GET does not grow with what it shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from app.api.routes import ROUTES
from app.api.server.answers import Answers
from app.db import Database
from tests.build import Service, make_person
from tests.contract.test_need import method_of, path_of
from tests.contract.test_tenancy import addresses, prepare
from tests.town import Town, figures, row

MOST = 26
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
    service.gateway.answers = Answers()
    with counted(service.database) as statements:
        answer = await service.get(path, token)
    assert answer.status_code == 200, answer.text
    return sum(each.startswith("SELECT") for each in statements)


@pytest.mark.parametrize("route", READS, ids=path_of)
async def test_a_read_is_a_few_statements(one_service: Service, one_town: Town, route: Any) -> None:
    if "user_id" in path_of(route):
        with one_service.writing() as session:
            make_person(session, one_town.partnership)
    path = addresses(path_of(route))[0] if "{" in path_of(route) else path_of(route)
    await prepare(one_service, one_town, path_of(route))
    few = await cost(one_service, path, one_town.admin)
    months = [
        f"{year}-{month:02d}/{year}-{month:02d}" for year in range(2004, 2012) for month in range(1, 13)
    ]
    for area in ("E08000032", "E05001341"):
        sent = figures(
            *(row(period=month, area=area) for month in months),
            *(row("hate-crime", month, area=area) for month in months),
        )
        assert (await one_service.post("/figures", one_town.staff, json=sent)).status_code == 201
    assert await cost(one_service, path, one_town.admin) <= few, "it grows with what is stored"
    assert few <= MOST
