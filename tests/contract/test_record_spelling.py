"""The same value in another spelling is found: statements compare SQLite's text as it stands."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Boolean, Connection, Date, text
from sqlmodel import SQLModel

from app.db import Database
from app.models.column import Exact, Instant
from app.record.check_spelling import check_spelling
from tests.contract.tampered import make_deployment, problems, unguarded

RESPELT = {
    Instant: ("replace({0}, ' ', 'T')", "replace(replace(replace({0}, ' ', 'T'), '-', ''), ':', '')"),
    Date: ("replace({0}, '-', '')",),
    Boolean: ("7", "'yes'"),
    Exact: ("'0' || {0}", "{0} || '.0'", "CAST({0} AS REAL)", "' ' || {0}", "{0} || 'e0'"),
}
CELLS = [
    (kind, table.name, column.name, spelling)
    for table in SQLModel.metadata.sorted_tables
    for column in table.columns
    for kind, spellings in RESPELT.items()
    if isinstance(column.type, kind)
    for spelling in spellings
]


@pytest.fixture(scope="module")
def database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("spelling") / "saferplan.db"
    shutil.copyfile(sqlite_template, path)
    made = Database(f"sqlite:///{path}")
    make_deployment(made)
    yield made
    made.close()


@pytest.fixture
def tampering(database: Database) -> Iterator[Connection]:
    with unguarded(database) as connection:
        yield connection


@pytest.mark.parametrize("kind", RESPELT)
def test_another_spelling_is_found(tampering: Connection, kind: type) -> None:
    tried = 0
    for table, column, spelling in (cell[1:] for cell in CELLS if cell[0] is kind):
        statement = f'UPDATE "{table}" SET "{column}" = {spelling} WHERE "{column}" IS NOT NULL'
        respelling = tampering.begin_nested()
        if tampering.execute(text(statement.format(f'"{column}"'))).rowcount:
            tried += 1
            said = list(check_spelling(tampering))
            assert any(each.startswith(f"{table}.{column} holds") for each in said), statement
        respelling.rollback()
    assert tried >= 3


def test_a_key_does_not_live_on_by_another_spelling(tampering: Connection) -> None:
    tampering.execute(text("UPDATE api_key SET expires_at = replace(expires_at, '-', '')"))
    assert any("api_key.expires_at" in said for said in problems(tampering))


def test_what_we_write_is_spelt_as_we_write_it(tampering: Connection) -> None:
    assert problems(tampering) == []
