"""A long record is verified in a time somebody waits for: 100,000 events with their rows and figures."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text

from app.commands.audit import verify
from app.db import Database
from app.models.column import table
from app.models.figures.figure import Figure, FigureRevision
from app.models.figures.submission import Submission
from app.record.event import Event, canonical
from app.record.figure import figures_digest, revisions_facts
from app.record.row import RowDigest, current_digests
from app.record.write import append
from tests.stocked import counts, stock

FEW, MANY = 1_000, 100_000
SECONDS = 30
TOGETHER = 100
"""Events stored in one transaction: PostgreSQL gets slow by the changes of one row in one."""
AT = datetime(2017, 12, 20, 9, tzinfo=UTC)


@pytest.mark.slow
def test_a_long_record(database_url: str, long_form: bool) -> None:
    stock(database_url, counts(1))
    database = Database(database_url)
    with database.engine.connect() as connection:
        connection.execution_options(saferplan_write=True)
        for number in range(MANY if long_form else FEW):
            _submit_figure(connection)
            if number % TOGETHER == 0:
                connection.commit()
        connection.commit()
    with database.read() as session:
        begun = time.perf_counter()
        assert list(verify(session)) == []
        taken = time.perf_counter() - begun
    database.close()
    assert taken < SECONDS, f"{taken:.1f} s"


def _submit_figure(connection: Connection) -> None:
    """What a submission of one figure leaves behind, without the work of checking it."""
    seq, head = connection.execute(text("UPDATE ledger SET seq = seq + 1 RETURNING seq, head")).one()
    number = seq + 1_000
    stamp: dict[str, Any] = {"recorded_at": AT, "seq": seq}
    submission = {
        "id": number,
        "partnership_id": 1,
        "via": "json",
        "status": "accepted",
        "counts": {"created": 1},
    }
    rows = [{"figure": f"/api/v1/figures/{number}", "outcome": "created", "warnings": [], "errors": []}]
    connection.execute(
        insert(table(Submission)), {**submission, "rows": rows, **stamp, "recorded_by": "test"}
    )
    values = {"value": number, "status": "final", "qualifier": "exact", "note": "", "submission_id": number}
    about = {"indicator_id": 1, "area_code": f"E{number}", "breakdown": "", "first_month": 1, "last_month": 1}
    connection.execute(insert(table(Figure)), {"id": number, **about, **values, **stamp, "revision": 1})
    revision = {"figure_id": number, "number": 1, "reason": "", "recorded_by": "test"}
    connection.execute(insert(table(FigureRevision)), {**revision, **values, **stamp})
    append(connection, seq, head, [_event(connection, seq, number)], _digests(connection, number))


def _event(connection: Connection, seq: int, number: int) -> Event:
    data = canonical({"via": "json", **revisions_facts(connection, number)})
    return Event(seq, AT, 1, "test", "figures submitted", "submission", str(number), data)


def _digests(connection: Connection, number: int) -> list[RowDigest]:
    figures = figures_digest(connection, number)
    assert figures is not None
    return [*current_digests(connection, "submission", [(number,)]), figures]
