"""The audit record covers every row: what is changed behind its back is found, or listed as not covered."""

import faulthandler
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, StatementError
from sqlmodel import SQLModel

from app.db import Database
from app.record.columns import NOT_COVERED, not_covered
from tests.conftest import DATABASES
from tests.contract.tampered import make_deployment, problems, unguarded
from tests.postgres import Server

TABLES = SQLModel.metadata.tables
FEW, MANY = 100, 10_000


@dataclass(frozen=True)
class Deployment:
    database: Database
    head: str


@pytest.fixture(scope="module", params=DATABASES)
def deployment(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """Shared by the module: what a test does to it is taken back."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("record") / "saferplan.db"
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copyfile(template, path)
        url = f"sqlite:///{path}"
    else:
        server: Server = request.getfixturevalue("postgres")
        url = server.create(request.getfixturevalue("postgres_template"))
    database = Database(url)
    yield Deployment(database, make_deployment(database))
    database.close()
    if request.param != "sqlite":
        server.drop(url)


@pytest.fixture
def tampering(deployment: Deployment) -> Iterator[Connection]:
    with unguarded(deployment.database) as connection:
        yield connection


def test_there_is_a_row_in_every_table(tampering: Connection) -> None:
    empty = [
        name for name, table in TABLES.items() if tampering.execute(select(table).limit(1)).first() is None
    ]
    assert empty == []


def test_an_untouched_deployment_is_whole(deployment: Deployment, tampering: Connection) -> None:
    assert problems(tampering, deployment.head) == []


LAST = "(SELECT max(id) FROM audit_event)"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM figure", "were not there|are not there"),
        ("DELETE FROM figure WHERE id = 10", "Revision 1 of figure 10 is there"),
        ("UPDATE figure SET indicator_id = indicator_id + 1 WHERE id = 10", "are about"),
        ("UPDATE figure SET area_code = 'E05001341' WHERE id = 10", "are about"),
        ("UPDATE figure SET breakdown = 'sex=female' WHERE id = 10", "are about"),
        ("UPDATE figure SET last_month = last_month + 3 WHERE id = 10", "are about"),
        ("UPDATE figure SET first_month = first_month - 9 WHERE id = 10", "are about"),
        ("UPDATE figure SET recorded_at = '2001-01-01 00:00:00' WHERE id = 10", "Figure 10"),
        ("UPDATE figure SET submission_id = 1 WHERE id = 10", "Figure 10"),
        (
            "UPDATE figure SET revision = 1, value = '4200', submission_id = 2 WHERE id = 10",
            "Figure 10 is not what its newest",
        ),
        ("DELETE FROM figure_revision WHERE submission_id = 4", "submission 4"),
        ("UPDATE figure_revision SET seq = 1 WHERE figure_id = 10 AND number = 3", "Revision 3 of figure 10"),
        ("UPDATE target SET words = 'Increase' WHERE id = 1", "Row 1 of target"),
        ("UPDATE baseline SET value = '1' WHERE id = 1", "Row 1 of baseline"),
        ("UPDATE indicator SET polarity = 'higher_is_better' WHERE id = 1", "Row 1 of indicator"),
        ("UPDATE indicator SET responsible_agency_id = 3 WHERE id = 1", "Row 1 of indicator"),
        ("UPDATE indicator SET release_to = 'submitter' WHERE id = 1", "Row 1 of indicator"),
        ("UPDATE indicator SET counts_people = NOT counts_people WHERE id = 1", "Row 1 of indicator"),
        ("UPDATE indicator_edition SET title = 'Other' WHERE id = 1", "Row 1 of indicator_edition"),
        ("UPDATE membership SET role = 'administrator' WHERE id = 2", "Row 2 of membership"),
        ("""UPDATE api_key SET scopes = '["people:write"]' WHERE id = 2""", "Row 2 of api_key"),
        ("UPDATE api_key SET expires_at = '2099-01-01 00:00:00' WHERE id = 2", "Row 2 of api_key"),
        ("UPDATE api_key SET revoked_at = expires_at WHERE id = 2", "Row 2 of api_key"),
        ("UPDATE api_key_partnership SET partnership_id = 2 WHERE api_key_id = 2", "of api_key_partnership"),
        ("UPDATE person SET password_hash = 'mine' WHERE id = 1", "Row 1 of person"),
        ("UPDATE person SET email = 'mine@agency.example' WHERE id = 1", "Row 1 of person"),
        ("UPDATE sign_in SET person_id = 1", "of sign_in is not"),
        ("UPDATE sign_in SET expires_at = '2099-01-01 00:00:00'", "of sign_in is not"),
        ("UPDATE one_time_link SET expires_at = '2099-01-01 00:00:00'", "of one_time_link is not"),
        ("DELETE FROM period_event WHERE kind = 'closed'", "of period_event was recorded and is not there"),
        ("UPDATE return_event SET text = 'Nothing was said.'", "Row 1 of return_event is not"),
        ("DELETE FROM return_event", "Row 1 of return_event was recorded and is not there"),
        ("UPDATE release SET audience = 'public'", "Row 1 of release"),
        (
            """UPDATE submission SET counts = '{"created": 9}' WHERE id = (SELECT max(id) FROM submission)""",
            "of submission is not",
        ),
        ("UPDATE submission SET seq = 1 WHERE id = (SELECT max(id) FROM submission)", "of submission is not"),
        (
            "UPDATE remembered_answer SET status = 422 WHERE key = 'batch “4200”'",
            "of remembered_answer is not",
        ),
        ("DELETE FROM remembered_answer", "of remembered_answer was recorded and is not there"),
        ("""UPDATE snapshot SET items = '[{"rating": "missed"}]'""", "Row 1 of snapshot"),
        ("UPDATE return_draft SET saved_by = 'somebody else'", "Row 1 of return_draft"),
        ("UPDATE outbox_message SET body = 'It is not due.'", "Row 1 of outbox_message"),
        ("UPDATE upload SET name = 'other.csv'", "Row 1 of upload"),
        ("UPDATE ledger SET seq = seq + 1", "The ledger's number"),
        ("UPDATE ledger SET seq = 0", "The ledger's number"),
        ("DELETE FROM ledger", "The ledger is not one row"),
        ("UPDATE row_digest SET digest = NULL WHERE table_name = 'membership'", "row digests of change"),
        (
            "UPDATE row_digest SET number = number + 100 WHERE table_name = 'membership'",
            "row digests of change",
        ),
        ("DELETE FROM row_digest WHERE table_name = 'membership'", "row digests of change"),
        ("DELETE FROM row_digest", "row digests of change"),
        (f"UPDATE audit_event SET data = substr(data, 2) WHERE id = {LAST}", "hash does not fit"),
        (f"UPDATE audit_event SET subject = 'x' WHERE id = {LAST}", "hash does not fit"),
        (f"UPDATE audit_event SET seq = seq - 1 WHERE id = {LAST}", "hash does not fit"),
    ],
)
def test_what_was_done_behind_its_back_is_found(
    deployment: Deployment, tampering: Connection, statement: str, said: str
) -> None:
    done = tampering.exec_driver_sql(statement.replace("%", "%%"))
    assert done.rowcount
    found = problems(tampering, deployment.head)
    assert any(part in " ".join(found) for part in said.split("|")), found


def test_a_row_put_in_is_found(tampering: Connection) -> None:
    columns = {"person_id": 1, "partnership_id": 2, "agency_id": None, "role": "administrator", "seq": 1}
    tampering.execute(insert(TABLES["membership"]).values(id=99, **columns))
    assert problems(tampering) == ["Row 99 of membership was never recorded: it was put in."]


def test_random_changes(deployment: Deployment, tampering: Connection, long_form: bool) -> None:
    """Each is found, or is to a table or column that verifying lists as not covered."""
    faulthandler.cancel_dump_traceback_later()  # the long form takes minutes
    dice = random.Random(20171220)
    made = 0
    while made < (MANY if long_form else FEW):
        made += _change_and_verify(deployment, tampering, dice)


def _change_and_verify(deployment: Deployment, connection: Connection, dice: random.Random) -> bool:
    """Whether the database took the change."""
    saved = connection.begin_nested()
    try:
        what = _change(connection, dice)
    except (DBAPIError, StatementError):
        saved.rollback()
        return False
    found = problems(connection, deployment.head)
    saved.rollback()
    assert found or what in NOT_COVERED or what.partition(".")[0] in NOT_COVERED, what
    return True


def _change(connection: Connection, dice: random.Random) -> str:
    """Changes, deletes or copies a row of any table; the table, or the column that was changed."""
    table = TABLES[dice.choice(sorted(TABLES))]
    count = connection.execute(select(func.count()).select_from(table)).scalar_one()
    row = connection.execute(
        select(table).order_by(*table.primary_key.columns).offset(dice.randrange(count)).limit(1)
    ).one()
    this = [column == getattr(row, column.name) for column in table.primary_key.columns]
    kind = dice.random()
    if kind < 0.1:
        connection.execute(delete(table).where(*this))
        return table.name
    if kind < 0.2:
        connection.execute(insert(table).values(_copy(table, row, dice)))
        return table.name
    column = dice.choice(list(table.columns))
    connection.execute(
        update(table).where(*this).values({column.name: _other(getattr(row, column.name), column, dice)})
    )
    return f"{table.name}.{column.name}"


def _copy(table: Table, row: Any, dice: random.Random) -> dict[str, Any]:
    """The row under another key."""
    keys = {column.name for column in table.primary_key.columns}
    unique = {column.name for column in table.columns if column.unique}
    return {
        column.name: _other(value, column, dice) if column.name in keys | unique else value
        for column, value in zip(table.columns, row, strict=True)
    }


def _other(value: Any, column: Any, dice: random.Random) -> Any:
    """Another value of the same kind."""
    if value is None:
        return _of_nothing(column)
    match value:
        case bool():
            return not value
        case int():
            return value + dice.choice([-1, 1, 1_000])
        case Decimal():
            return value + dice.choice([Decimal("0.000001"), Decimal(-1)])
        case str():
            return value[:-1] if value and dice.random() < 0.5 else value + "x"
        case datetime():
            return value + dice.choice([timedelta(microseconds=1), timedelta(days=-400)])
        case date():
            return value + timedelta(days=dice.choice([-1, 1]))
        case bytes():
            return value + b"x"
    return [*value, {}] if isinstance(value, list) else {**value, "x": 1}


def _of_nothing(column: Any) -> Any:
    kinds: dict[str, Any] = {
        "Integer": 1,
        "BigInteger": 1,
        "Date": date(2017, 1, 1),
        "Exact": Decimal(1),
        "Instant": datetime(2017, 1, 1, tzinfo=UTC),
        "Listed": [],
    }
    return kinds.get(type(column.type).__name__, "other")


def test_what_is_not_covered_has_a_reason() -> None:
    assert len(not_covered()) == len(NOT_COVERED)
    assert all(len(reason) > 10 for reason in NOT_COVERED.values())
    for what in NOT_COVERED:
        table, _, column = what.partition(".")
        assert table == "alembic_version" or (
            table in TABLES and (not column or column in TABLES[table].columns)
        )
