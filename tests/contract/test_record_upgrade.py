"""A record of an earlier release stays whole: after the upgrade, when written to, and on the way back."""

import hashlib
import json
from datetime import datetime
from typing import Any

import pytest
from alembic import command
from sqlalchemy import bindparam, text
from sqlmodel import Session, select

from app.commands.audit import covered_since, verify
from app.db import Database, migrate
from app.models.column import Instant
from app.models.plan.partnership import Partnership
from app.models.record.ledger import Ledger
from app.record.append_only import allow_changes
from app.record.event import Event
from tests.build import change_in
from tests.contract.tampered import make_deployment, problems, unguarded
from tests.contract.test_migration import config
from tests.town import NOW

BEFORE = "0008_growth"


def find_problems(database: Database, head: str | None = None) -> list[str]:
    with database.read() as session:
        return list(verify(session, head))


def write_as_before(database: Database) -> str:
    """A write of the release before row digests, and one that it recorded no event of; gives the head."""
    with database.engine.connect() as connection:
        connection.execution_options(saferplan_write=True)
        advance = text("UPDATE ledger SET seq = seq + 1 RETURNING seq, head")
        connection.execute(advance)
        seq, previous = connection.execute(advance).one()
        event = Event(seq, NOW, 1, "somebody", "role changed", "person", "1", '{"reason":"row_digests"}')
        row = event.chained(previous)
        columns = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        statement = text(f"INSERT INTO audit_event ({columns}) VALUES ({marks})")
        connection.execute(statement.bindparams(bindparam("at", type_=Instant)), row)
        connection.execute(text("UPDATE membership SET role = 'board' WHERE id = 2"))
        connection.execute(text("UPDATE ledger SET head = :hash"), {"hash": row["hash"]})
        connection.commit()
        return str(row["hash"])


def write_now(database: Database) -> None:
    with database.write() as session:
        session.exec(select(Partnership).where(Partnership.code == "elsewhere")).one().name = "Elsewhere"
        change_in(session, now=NOW).record("renamed", "partnership", "elsewhere")


def is_whole_to_the_release_before(database: Database) -> bool:
    """Its check of the chain and of figures, as it was written."""
    with database.engine.connect() as connection:
        previous, rows = "0" * 64, dict[int, str]()
        for event in connection.execute(text("SELECT * FROM audit_event ORDER BY id")).mappings():
            at = event["at"] if isinstance(event["at"], datetime) else datetime.fromisoformat(event["at"])
            fields = [event["previous"], event["seq"], f"{at.isoformat()}+00:00"]
            fields += [event[name] for name in ("partnership_id", "actor", "action")]
            fields += [event[name] for name in ("subject_kind", "subject", "data")]
            content = json.dumps(
                fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
            )
            if event["previous"] != previous or hashlib.sha256(content.encode()).hexdigest() != event["hash"]:
                return False
            previous = event["hash"]
            rows |= _told_rows(event)
        assert len(rows) == 4
        head = connection.execute(text("SELECT head FROM ledger")).scalar_one()
        digests = dict(_rows_digests(database))
        return bool(head == previous and digests == rows)


def _told_rows(event: Any) -> dict[int, str]:
    data = json.loads(event["data"])
    submission = event["subject"] if event["subject_kind"] == "submission" else data.get("submission")
    return {int(submission): data["rows_sha256"]} if data.get("rows_sha256") else {}


def _rows_digests(database: Database) -> Any:
    from app.models.column import plain, table
    from app.models.figures.figure import FigureRevision

    revision = table(FigureRevision)
    columns = [column for column in revision.columns if column.name != "seq"]
    with Session(database.engine) as session:
        found = session.connection()
        for (key,) in found.execute(select(revision.c.submission_id).distinct()).all():
            query = select(*columns).where(revision.c.submission_id == key)
            cells = [
                [
                    None if cell is None else plain(cell) if hasattr(cell, "as_tuple") else str(cell)
                    for cell in row
                ]
                for row in found.execute(query.order_by(revision.c.figure_id, revision.c.number))
            ]
            yield key, hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()


@pytest.fixture
def upgraded(database_url: str) -> Any:
    """A database of the release before, with an exported head, brought up to this one."""
    database = Database(database_url)
    make_deployment(database)
    command.downgrade(config(database_url), BEFORE)
    head = write_as_before(database)
    assert is_whole_to_the_release_before(database)
    migrate(database_url)
    yield database, head
    database.close()


def test_up_written_to_and_down(upgraded: tuple[Database, str]) -> None:
    database, head = upgraded
    assert find_problems(database, head) == []
    write_now(database)
    assert find_problems(database, head) == []
    with database.read() as session:
        assert len(covered_since(session)) == 1
    command.downgrade(config(database.url), BEFORE)
    assert is_whole_to_the_release_before(database)
    later = write_as_before(database)
    migrate(database.url)
    write_now(database)
    assert find_problems(database, head) == find_problems(database, later) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE membership SET role = 'administrator' WHERE id = 2",
        "DELETE FROM figure",
        "UPDATE figure SET area_code = 'E05001341' WHERE id = 1",
        "UPDATE figure_revision SET note = 'Never said.' WHERE figure_id = 1",
        "DELETE FROM period_event",
        "UPDATE ledger SET seq = seq + 1",
    ],
)
def test_what_was_there_before_is_covered_from_the_upgrade_on(
    upgraded: tuple[Database, str], statement: str
) -> None:
    database, head = upgraded
    with unguarded(database) as connection:
        connection.execute(text(statement))
        assert problems(connection, head)


def test_an_empty_database_needs_no_beginning(database_url: str) -> None:
    database = Database(database_url)
    with database.read() as session:
        assert session.exec(select(Ledger.seq)).one() == 0
        assert covered_since(session) == []
        assert list(verify(session)) == []
    database.close()


def test_what_begins_twice_leaves_no_trigger_behind(upgraded: tuple[Database, str]) -> None:
    database, _ = upgraded
    with database.engine.connect() as connection:
        connection.execution_options(saferplan_write=True)
        allow_changes(connection, "row_digest")
        connection.rollback()
