"""Migrations: the models are what they make, and they go up and down with data in place."""

import json
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlmodel import select

from app.commands.audit import verify
from app.commands.change import Change
from app.config import project_file
from app.db import Database, migrate
from app.document.load.load import load
from app.document.read import parse_document
from app.models.figures.figure import FigureRevision
from app.queries.schema import schema_state
from tests.build import BUILDER, TODAY
from tests.town import DOCUMENT, NOW, make_town


def config(url: str) -> Config:
    made = Config()
    made.set_main_option("script_location", str(project_file("migrations")))
    made.attributes["url"] = url
    return made


def revisions() -> list[str]:
    """Oldest first."""
    scripts = ScriptDirectory(str(project_file("migrations")))
    return [each.revision for each in scripts.walk_revisions()][::-1]


def test_the_models_are_what_the_migrations_make(database_url: str) -> None:
    command.check(config(database_url))


def test_revisions_are_in_sequence_and_named_for_their_files() -> None:
    names = revisions()
    assert [name[:4] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)]
    files = {path.stem for path in project_file("migrations/versions").glob("[0-9]*.py")}
    assert files == set(names)


def content(database: Database) -> dict[str, Any]:
    """Every row of every table."""
    found = {}
    with database.engine.connect() as connection:
        for name in sorted(inspect(connection).get_table_names()):
            rows = connection.execute(text(f'SELECT * FROM "{name}"')).mappings()
            found[name] = sorted(
                json.dumps({k: str(v) for k, v in row.items()}, sort_keys=True) for row in rows
            )
    return found


def columns(database: Database) -> dict[str, set[str]]:
    """The columns of every table."""
    seen = inspect(database.engine)
    return {name: {each["name"] for each in seen.get_columns(name)} for name in seen.get_table_names()}


def only(rows: list[str], names: set[str]) -> list[str]:
    """The rows with these columns alone."""
    read = [json.loads(row) for row in rows]
    return sorted(json.dumps({k: v for k, v in row.items() if k in names}, sort_keys=True) for row in read)


def revision_of(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Which step the database is at: the one thing that differs on the way."""
    return {"alembic_version": found["alembic_version"]}


GROWING = {"audit_event", "ledger", "row_digest"}
"""Tables that a step which takes row digests adds to, each time it is taken."""


def test_up_and_down_with_data_in_place(blank_database_url: str) -> None:
    """Each step down and up again leaves what was entered where it leaves room for it; the last down, nothing."""
    migrate(blank_database_url)
    database = Database(blank_database_url)
    with database.write() as session:
        make_town(session)
    before = content(database)
    assert before["figure_revision"]
    for earlier in revisions()[-2::-1]:
        command.downgrade(config(blank_database_url), earlier)
        kept = columns(database)
        left = {name: only(rows, kept[name]) for name, rows in content(database).items()}
        growing = {name: left.pop(name) for name in GROWING & left.keys()}
        assert left == {name: only(before[name], kept[name]) for name in left} | revision_of(left)
        assert all(set(rows) >= set(before[name]) for name, rows in growing.items() if name != "ledger")
        migrate(blank_database_url)
        after = content(database)
        assert set(after["audit_event"]) >= set(before["audit_event"]), "the events are still there"
        before |= {name: after[name] for name in GROWING}
        assert {name: only(after[name], kept[name]) for name in left} == {
            name: only(before[name], kept[name]) for name in left
        }
        with database.read() as session:
            assert list(verify(session)) == []
    migrate(blank_database_url)
    assert content(database) == after, "to be asked again changes nothing"
    command.downgrade(config(blank_database_url), "base")
    assert set(content(database)) == {"alembic_version"}
    assert schema_state(database.engine) == "none"
    migrate(blank_database_url)
    with database.write() as session:
        make_town(session)
    assert content(database).keys() == before.keys()
    database.close()


def test_a_fresh_database_takes_the_whole_document(database_url: str) -> None:
    database = Database(database_url)
    with database.write() as session:
        load(Change(session, BUILDER, None, TODAY, NOW), parse_document(DOCUMENT), partnerships_allowed=None)
        assert len(session.exec(select(FigureRevision)).all()) == 9
    database.close()


def test_half_a_migration_leaves_nothing(database_url: str) -> None:
    """Statements that make tables are undone with the rest, on SQLite too, where the driver alone would not."""
    database = Database(database_url)
    before = content(database)
    with database.engine.connect() as connection:
        connection.execution_options(saferplan_write=True)
        connection.execute(text("CREATE TABLE half (id INTEGER)"))
        connection.execute(text("DROP TABLE measure_line"))
        connection.rollback()
    assert content(database) == before
    database.close()
