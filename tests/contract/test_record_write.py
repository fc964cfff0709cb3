"""How a write is covered: by the rows its session flushed, read back; other statements are refused."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, select

from app.commands.audit import verify
from app.db import Database, forget, rolled_back, seq
from app.models.access.key import ApiKey
from app.models.access.person import SignIn
from app.models.column import table
from app.models.figures.figure import Figure, FigureRevision
from app.models.figures.release import Release
from app.models.figures.upload import Upload
from app.models.plan.baseline import Baseline
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Agency
from app.models.record.ledger import AuditEvent, Ledger, RowDigest
from app.record import columns
from app.record.changes import UnnamedChange
from app.record.event import canonical
from app.record.row import one_digest
from tests.build import change_in, make_agency
from tests.town import NOW, make_town

TABLES = SQLModel.metadata.tables


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    with opened.write() as session:
        make_town(session)
    yield opened
    opened.close()


def problems(database: Database) -> list[str]:
    with database.read() as session:
        return list(verify(session))


def digests(database: Database) -> list[tuple[str, str]]:
    """Tables and keys of the last change's digests, in order."""
    with database.read() as session:
        last = session.exec(select(Ledger.seq)).one()
        query = select(RowDigest.table_name, RowDigest.row_key).where(RowDigest.seq == last)
        return list(session.exec(query.order_by(col(RowDigest.number))).all())


def actions(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.exec(select(AuditEvent.action).order_by(col(AuditEvent.id))).all())


def state(database: Database) -> tuple[int, str]:
    with database.read() as session:
        return session.exec(select(Ledger.seq, Ledger.head)).one()


def test_every_column_is_in_a_list_or_left_out_for_a_reason() -> None:
    """A new column goes into a new version of its table's list, or into `NOT_COVERED`."""
    for name, stored in TABLES.items():
        if name in columns.CHECKED_OTHERWISE or name in columns.NOT_COVERED:
            continue
        covered = columns.newest_columns(name)
        left_out = {what.partition(".")[2] for what in columns.NOT_COVERED if what.startswith(f"{name}.")}
        assert covered | left_out == {column.name for column in stored.columns}, name
        assert not covered & left_out, name


def test_every_column_of_a_figure_is_checked() -> None:
    about = set(columns.FIGURE_LISTS[-1].split())
    stored = set(columns.REVISION_LISTS[-1].split())
    values = set(table(Figure).columns.keys()) & set(table(FigureRevision).columns.keys()) - {"seq"}
    assert about | values | {"revision", "seq"} == set(table(Figure).columns.keys())
    assert stored | {"seq"} == set(table(FigureRevision).columns.keys())


def test_lists_name_tables_that_are_there() -> None:
    assert set(columns.LISTS) | set(columns.CHECKED_OTHERWISE) | {"sign_in_device", "sign_in_guess"} == set(
        TABLES
    )


def test_a_digest_is_the_same_on_either_database_and_for_ever(database: Database) -> None:
    """These were written down: where one differs, stored digests are worth nothing any more."""
    rows: list[SQLModel] = [
        Baseline(
            id=70, plan_id=1, indicator_id=1, number=70, period="2016-17", value=Decimal("43.3000"), caveat="“é”",
            recorded_at=NOW, recorded_by="test",
        ),
        Release(
            id=70, partnership_id=1, indicator_id=1, last_month=5, audience="board", from_on=date(2017, 12, 1),
            recorded_at=datetime(2017, 12, 1, 9, 0, 0, 250, tzinfo=UTC), recorded_by="test",
        ),
        Upload(
            id=70, partnership_id=1, caller="key:1", name="a.csv", kind="csv", content=b"\x00\xff", state="sent",
            counts={"b": 1, "a": 2}, uploaded_at=NOW, uploaded_by="test",
        ),
    ]  # fmt: skip
    with database.write() as session:
        session.info["seq"] = 7
        for row in rows:
            session.add(row)
        session.flush()
        made = [one_digest(session.connection(), str(row.__tablename__), 1, (70,)) for row in rows]
        forget(session)
    assert [each and each[:16] for each in made] == GOLDEN


GOLDEN = ["ed1aca2b96caebef", "217fa645833106d8", "df6d0d733bb10274"]


def test_the_rows_of_a_write_are_read_back(database: Database) -> None:
    with database.write() as session:
        agency = session.exec(select(Agency).where(Agency.code == "police")).one()
        agency.name = "West Yorkshire Police"
        make_agency(session, code="museum")
        session.delete(session.exec(select(Agency).where(Agency.code == "museum")).one())
        change_in(session, now=NOW).record("renamed", "agency", "police")
        key = str(agency.id)
    assert ("agency", key) in digests(database)
    assert problems(database) == []


def test_what_was_undone_or_forgotten_leaves_no_digest(database: Database) -> None:
    with database.write() as session:
        with rolled_back(session):
            make_agency(session, code="museum")
            change_in(session, now=NOW).record("tried", "agency", "museum")
        make_agency(session, code="library")
    assert [name for name, _ in digests(database)] == ["agency"]
    assert "tried" not in actions(database)
    before = state(database)
    with database.write() as session:
        make_agency(session, code="theatre")
        change_in(session, now=NOW).record("made", "agency", "theatre")
        forget(session)
    assert state(database) == before
    assert problems(database) == []


def test_a_write_of_which_nobody_told_has_an_event_all_the_same(database: Database) -> None:
    with database.write() as session:
        make_agency(session, code="museum")
    assert actions(database)[-1] == "rows changed"
    assert problems(database) == []


def test_a_write_that_changed_nothing_is_none(database: Database) -> None:
    before = state(database)
    with database.write() as session:
        session.exec(select(Agency)).all()
    assert state(database) == before


def test_several_events_of_a_write_are_one_chain(database: Database) -> None:
    with database.write() as session:
        make_agency(session, code="museum")
        for action in ("first", "second"):
            change_in(session, now=NOW).record(action, "agency", "museum", a=1)
    assert actions(database)[-2:] == ["first", "second"]
    assert problems(database) == []


UNNAMED: list[Any] = [
    update(Agency).values(name="Other"),
    update(table(Agency)).values(name="Other", seq=1),
    update(table(Agency)).where(table(Agency).c.code == "police").values(name=text("code")),
    delete(SignIn),
    delete(table(Figure)),
    update(table(Figure)).values(area_code="E05001341"),
    update(table(FigureRevision)).values(note=""),
    insert(table(Agency)).values(id=99, code="new", name="New", kind="other", seq=1),
    text("UPDATE agency SET name = 'Other'"),
    text("update agency set seq=1"),
    text("UPDATE indicator SET seq=1, title = 'Other'"),
    text('DELETE FROM "agency" WHERE id = 99'),
    text("DELETE FROM row_digest"),
]


@pytest.mark.parametrize("statement", UNNAMED, ids=str)
def test_a_statement_behind_the_sessions_back_is_refused(database: Database, statement: Any) -> None:
    with pytest.raises(UnnamedChange), database.write() as session:
        session.connection().execute(statement)
    with pytest.raises(UnnamedChange), database.write_without_seq() as connection:
        connection.execute(statement)
    assert problems(database) == []


def test_columns_that_no_digest_covers_may_be_moved_by_a_statement(database: Database) -> None:
    with database.write() as session:
        session.execute(update(Indicator).values(seq=seq(session)))
        session.execute(update(ApiKey).values(last_used_at=NOW))
        session.execute(update(Figure).values(seq=seq(session)))
    with database.write_without_seq() as connection:
        connection.execute(update(Upload).values(attempts=col(Upload.attempts) + 1, leased_until=NOW))
    assert problems(database) == []


def test_a_flush_that_failed_lets_no_statement_through(database: Database) -> None:
    with database.write() as session:
        tried = session.begin_nested()
        session.add(Agency(code="police", name="Twice", kind="other", seq=1))
        with pytest.raises(IntegrityError):
            session.flush()
        tried.rollback()
        with pytest.raises(UnnamedChange):
            session.connection().execute(delete(SignIn))
        forget(session)


def test_canonical_json_depends_on_content_alone() -> None:
    assert canonical({"b": 1, "a": {"d": "é", "c": None}}) == '{"a":{"c":null,"d":"é"},"b":1}'
