"""What is for ever: the database itself refuses to change it, and the audit chain shows what was done behind it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

from app.commands.audit import verify
from app.db import Database, seq
from app.models.append_only import AppendOnly
from app.models.figures.release import Release
from app.models.record.ledger import AuditEvent, Ledger
from app.models.returns.agency_return import ReturnEvent
from app.models.returns.reporting_period import PeriodEvent, Snapshot
from app.record.event import GENESIS
from tests.build import Service, change_in
from tests.town import NOW, Town, figures, row

TABLES = sorted(inspect(each).local_table.name for each in AppendOnly.__subclasses__())
TRIGGERS = {
    "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%append-only%'",
    "postgresql": "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname LIKE '%append%'",
}


async def test_the_tables_that_models_call_append_only_have_triggers(service: Service) -> None:
    with service.database.read() as session:
        connection = session.connection()
        found = connection.execute(text(TRIGGERS[connection.dialect.name])).scalars().all()
    assert sorted(set(found)) == TABLES


def a_quarter_reported_on(session: Session) -> None:
    """A row in each table that a town has none in yet."""
    stamp: dict[str, Any] = {"recorded_at": NOW, "recorded_by": "test", "seq": seq(session)}
    quarter: dict[str, Any] = {"partnership_id": 1, "first_month": 2017 * 12 + 6}
    cut_off = PeriodEvent(kind="cut_off", **quarter, **stamp)
    session.add_all([cut_off, ReturnEvent(agency_id=1, kind="late", **quarter, **stamp)])
    session.add(
        Release(
            partnership_id=1, indicator_id=1, last_month=0, audience="public", from_on=NOW.date(), **stamp
        )
    )
    session.flush()
    session.add(Snapshot(event_id=cut_off.id, seq=seq(session)))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET seq = 0", "DELETE FROM {}"])
async def test_the_database_refuses(service: Service, town: Town, table: str, statement: str) -> None:
    with service.database.write() as session:
        a_quarter_reported_on(session)
    with service.database.engine.connect() as connection:
        connection.execution_options(saferplan_write=True)
        with pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text(statement.format(table)))


@pytest.mark.parametrize("table", TABLES)
async def test_a_table_is_not_emptied_at_a_stroke(service: Service, town: Town, table: str) -> None:
    if service.database.is_sqlite:
        with service.database.engine.connect() as connection, pytest.raises(DatabaseError):
            connection.execution_options(saferplan_write=True).execute(text(f"TRUNCATE {table}"))
        return
    with service.database.engine.connect() as connection, pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text(f"TRUNCATE {table} CASCADE"))


def tamper(database: Database, *statements: str) -> None:
    """As somebody with the database in their hands would: the triggers dropped first."""
    with database.engine.connect() as connection:
        connection.execution_options(saferplan_write=True)
        for table in TABLES:
            if database.is_sqlite:
                for event in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER {table}_no_{event}"))
            else:
                connection.execute(text(f"DROP TRIGGER {table}_append_only ON {table}"))
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


def found(database: Database, head: str | None = None) -> list[str]:
    with database.read() as session:
        return list(verify(session, head))


async def filled(service: Service, town: Town) -> str:
    """Some changes more; gives the head as it might be written down elsewhere."""
    for number in range(3):
        sent = row(value=4200 + number, reason="recount")
        answer = await service.post("/figures", town.analysts, json=figures(sent))
        assert answer.status_code == 201
    with service.database.read() as session:
        head: str = session.exec(select(Ledger.head)).one()
        return head


async def test_an_untouched_record_is_whole(service: Service, town: Town) -> None:
    head = await filled(service, town)
    assert found(service.database) == []
    assert found(service.database, head) == []
    assert found(service.database, GENESIS) == []
    with service.database.read() as session:
        events = session.exec(select(AuditEvent)).all()
    assert len(events) >= 10
    await service.post("/figures", town.analysts, json=figures(row("hate-crime")))
    assert found(service.database, head) == [], "an earlier head is still in the record"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit_event SET actor = 'somebody else' WHERE id = 2", "not what was recorded"),
        ("UPDATE audit_event SET data = '{}' WHERE id = 2", "not what was recorded"),
        ("UPDATE audit_event SET at = '2001-01-01 00:00:00' WHERE id = 2", "not what was recorded"),
        ("UPDATE audit_event SET partnership_id = NULL WHERE id = 2", "not what was recorded"),
        ("DELETE FROM audit_event WHERE id = 2", "does not follow"),
        ("DELETE FROM audit_event WHERE id = (SELECT max(id) FROM audit_event)", "cut off"),
        ("UPDATE figure_revision SET value = '1' WHERE figure_id = 10 AND number = 2", "submission"),
        ("UPDATE figure_revision SET note = 'never said' WHERE figure_id = 10 AND number = 1", "submission"),
        ("DELETE FROM figure_revision WHERE figure_id = 10 AND number = 3", "submission"),
        (
            "UPDATE figure_revision SET submission_id = 1 WHERE figure_id = 10 AND number = 3",
            "submission 1 are",
        ),
        ("UPDATE figure SET value = '1' WHERE id = 10", "Figure 10 is not what its newest revision says"),
        ("UPDATE figure SET missing = 'awaited' WHERE id = 10", "Figure 10"),
    ],
)
@pytest.mark.tampers
async def test_what_was_done_behind_its_back_is_found(
    service: Service, town: Town, statement: str, said: str
) -> None:
    await filled(service, town)
    tamper(service.database, statement)
    problems = found(service.database)
    assert problems
    assert said in " ".join(problems)


@pytest.mark.tampers
async def test_a_tail_cut_off_and_covered_up_needs_the_head_kept_elsewhere(
    service: Service, town: Town
) -> None:
    head = await filled(service, town)
    last = "(SELECT max(id) FROM audit_event)"
    tamper(
        service.database,
        f"UPDATE ledger SET seq = seq - 1, head = (SELECT previous FROM audit_event WHERE id = {last})",
        f"DELETE FROM audit_event WHERE id = {last}",
        "DELETE FROM row_digest WHERE seq > (SELECT seq FROM ledger)",
        "UPDATE figure SET value = (SELECT value FROM figure_revision WHERE figure_id = 10 AND number = 2), "
        "revision = 2, submission_id = (SELECT submission_id FROM figure_revision WHERE figure_id = 10 "
        "AND number = 2), recorded_at = (SELECT recorded_at FROM figure_revision WHERE figure_id = 10 "
        "AND number = 2) WHERE id = 10",
        "DELETE FROM figure_revision WHERE number = 3",
        "DELETE FROM submission WHERE seq > (SELECT seq FROM ledger)",
    )
    assert found(service.database) == [], "the chain alone cannot show it"
    assert "cut off" in found(service.database, head)[0]


async def test_a_summer_hour_is_whole_too(service: Service, town: Town) -> None:
    """What is hashed is what is read back, whatever zone the clock was in."""
    with service.database.write() as session:
        at = datetime(2017, 7, 1, 9, tzinfo=ZoneInfo("Europe/London"))
        change_in(session, now=at).record("done", "test", "it")
    with service.database.read() as session:
        assert list(verify(session)) == []
