"""No request reads a table that grows for ever from end to end: SQLite says beforehand what it would read."""

import re
from typing import Any

import pytest
from sqlalchemy import event

from app.api.server.response_cache import ResponseCache
from tests.build import Service
from tests.town import Town, figures, row

GROWS = ("figure", "figure_revision", "submission", "audit_event", "outbox_message", "upload")
WHOLE = re.compile(
    rf"SCAN (?:{'|'.join(GROWS)}|other)\b|SEARCH (?:figure|other) USING INDEX \w+ \(indicator_id=\?\)$"
)
"""All there is, or all of an indicator."""
OF_A_PARTNERSHIP = re.compile(rf"SEARCH (?:{'|'.join(GROWS)}) USING INDEX \w+ \(partnership_id=\?\)$")
SORTED = "USE TEMP B-TREE FOR ORDER BY"
LISTS = {
    "/audit-events": "audit_event",
    "/submissions": "submission",
    "/messages": "outbox_message",
    "/uploads": "upload",
}
OF_FIGURES = (
    "",
    "limit=500",
    "indicator=asb-incidents",
    "period=2017-18-Q2",
    "indicator=asb-incidents&area=E08000032",
    "area=E08000032",
    "from=2017-18-Q1",
    "to=2016-17-Q1",
    "indicator=asb-incidents&from=2017-18-Q1",
    "submission=1",
    "as_known_at=2017-12-20",
    "as_known_at=2001-01-01",
    "period=2017-18-Q2&as_known_at=2017-12-20",
)
ADDRESSES = (
    *(f"/figures?{asked}" for asked in OF_FIGURES),
    *(f"/figures?updated_since={{as_of}}&{asked}" for asked in OF_FIGURES),
    *(f"/figures?updated_since=s0&{asked}" for asked in OF_FIGURES),
    "/figures?updated_since=2017-12-20T09:00:00Z",
    *LISTS,
    *(f"{path}?order=newest" for path in LISTS),
    *(f"{path}?updated_since={{as_of}}" for path in LISTS),
    "/audit-events?subject_kind=key",
    "/audit-events?subject=asb-incidents",
    "/indicators",
    "/indicators?updated_since={as_of}",
    "/indicators/asb-incidents",
    "/indicators/asb-incidents/series",
    "/returns",
    "/returns?updated_since={as_of}",
    "/returns/summary",
    "/me",
    "/releases?updated_since={as_of}",
    "/reporting-periods?updated_since={as_of}",
    "/reporting-periods/2017-18-Q2/checklist",
)


class Plans:
    """What SQLite would read for each statement, line by line."""

    def __init__(self, service: Service) -> None:
        self.engine = service.database.engine
        self.statements: list[tuple[str, Any]] = []

    def __enter__(self) -> "Plans":
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        self.statements.append((statement, parameters))

    def lines(self) -> list[tuple[str, str]]:
        """Each with the statement it is of."""
        with self.engine.connect() as connection:
            return [
                (line[3], statement)
                for statement, parameters in self.statements
                if statement.startswith(("SELECT", "WITH", "UPDATE"))
                for line in connection.exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {statement}",
                    parameters[0] if isinstance(parameters, list) else parameters,
                )
            ]


@pytest.mark.parametrize("address", ADDRESSES)
async def test_a_read_scans_nothing_that_grows(
    still_service: Service, still_town: Town, address: str
) -> None:
    as_of = (await still_service.get("/figures?limit=1", still_town.admin)).json()["as_of"]
    still_service.database.caches.clear()
    still_service.gateway.cache = ResponseCache()
    with Plans(still_service) as plans:
        answer = await still_service.get(address.format(as_of=as_of), still_town.admin)
        assert answer.status_code == 200, answer.text
    lines = plans.lines()
    assert [each for each in lines if WHOLE.match(each[0])] == []
    if "as_of" in address:
        assert [each for each in lines if OF_A_PARTNERSHIP.match(each[0])] == []
    elif (listed := LISTS.get(address.partition("?")[0])) is not None:
        own = [each for each in lines if f"FROM {listed}" in each[1]]
        assert own
        assert [each for each in own if each[0] == SORTED] == []


async def test_a_post_scans_nothing_that_grows(one_service: Service, one_town: Town) -> None:
    with Plans(one_service) as plans:
        for value in (4200, 4300):
            sent = figures(row(value=value, reason="again"), row("hate-crime", value=value, reason="again"))
            assert (await one_service.post("/figures", one_town.staff, json=sent)).status_code == 201
    assert [each for each in plans.lines() if WHOLE.match(each[0])] == []
