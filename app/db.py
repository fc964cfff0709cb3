"""The database: reads on one snapshot, and writes one after another.

A write locks the ledger row first (SQLite by BEGIN IMMEDIATE, PostgreSQL by updating the row), so `seq` is a total
order of changes: a lower number was committed earlier. Timestamps do not have that order, as a slow write is
committed later than its timestamp.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from secrets import token_hex
from threading import Event
from typing import Any, cast

from sqlalchemy import URL, Connection, event, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session

from app import database_file
from app.config import project_file
from app.database_file import DatabaseFile
from app.domain.errors import Error
from app.engine import make_engine, sqlite_connection
from app.record.changes import Changes, changes_of, watch_statements
from app.record.write import finish

DRIVERS = frozenset({"sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"})
SQLITE_READERS = 2
"""Reads at a time in one worker. More would only contend for the interpreter: eight serve a quarter less than two."""
OTHER_CONNECTIONS = 3
"""Beside those of readers: for the writer, the worker's thread and the health check."""


class Database:
    """An engine, with sessions to read and to write."""

    def __init__(self, url: str, connections: int = 10) -> None:
        """`connections` is the limit for PostgreSQL; SQLite has a fixed number."""
        self.url = url
        path = sqlite_path(url)
        self.file = DatabaseFile(path) if path is not None else None
        self.readers = SQLITE_READERS if path is not None else connections - OTHER_CONNECTIONS
        self.connections = self.readers + OTHER_CONNECTIONS
        self.engine = make_engine(url, self.file, self.connections)
        watch_statements(self.engine)
        self.caches: dict[str, Any] = {}
        """Computed values that reads share, by name; `queries.cache` makes them."""
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.work = Event()
        """Wakes a worker in this process; set when a write has left work for it."""

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Opens a session on one snapshot; `session.info["seq"]` is the snapshot's ledger number."""
        with self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with Session(bind=connection, autoflush=False, expire_on_commit=False) as session:
                row = connection.exec_driver_sql("SELECT seq, epoch, frame FROM ledger").one()
                session.info.update(seq=row.seq, epoch=row.epoch, frame=row.frame, caches=self.caches)
                yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Opens a session that holds the ledger; commits when the block ends, rolls back when it raises.

        Rolls back as well if the block calls `forget(session)`: a dry run, or nothing to change. Changes are hashed
        into the audit record (`app.record`), so rows may be changed through the session only.
        """
        with self.engine.connect() as connection:
            changes = Changes()
            connection.execution_options(saferplan_write=True, saferplan_changes=changes)
            row = connection.exec_driver_sql(
                "UPDATE ledger SET seq = seq + 1 RETURNING seq, head, epoch"
            ).one()
            with Session(bind=connection, expire_on_commit=False) as session:
                session.info.update(seq=row.seq, head=row.head, epoch=row.epoch, changes=changes)
                yield session
                session.flush()
                if session.info.get("forget") or not finish(session):
                    connection.rollback()
                else:
                    connection.commit()
                    self._require_in_place(connection)
                    if session.info.get("work"):
                        self.work.set()

    @contextmanager
    def write_without_seq(self) -> Iterator[Connection]:
        """Opens a write without bumping `seq` (last-used times, leases); it may not change audited columns."""
        with self.engine.connect() as connection:
            connection.execution_options(saferplan_write=True, saferplan_changes=Changes())
            with connection.begin():
                yield connection
            self._require_in_place(connection)

    def is_replaced(self) -> bool:
        """Whether another file has replaced the open one; the database then refuses reads and writes."""
        return self.file is not None and self.file.is_replaced()

    def close(self) -> None:
        self.engine.dispose()
        if self.file is not None:
            self.file.close()

    def _require_in_place(self, connection: Connection) -> None:
        """Raises DatabaseReplaced if the file just committed to is no longer the database."""
        if self.file is not None:
            self.file.require_in_place(sqlite_connection(connection))


@event.listens_for(Session, "before_flush")
def stamp_seq(session: Session, *_rest: Any) -> None:
    """Sets `seq` of every new or changed row to the number of the write that flushes it."""
    if "seq" in session.info:
        for row in (*session.new, *filter(session.is_modified, session.dirty)):
            if hasattr(row, "seq"):
                row.seq = seq(session)


def seq(session: Session) -> int:
    """The ledger number of this session's snapshot (a read) or of its change (a write)."""
    return cast(int, session.info["seq"])


def epoch(session: Session) -> str:
    """The epoch of ledger numbers: a random text, new after each restore, as numbers are issued again."""
    return cast(str, session.info["epoch"])


def frame(session: Session) -> int:
    """Number of the last change of anything but figures, in this read's snapshot."""
    return cast(int, session.info["frame"])


def figures_only(session: Session) -> None:
    """Declares that this write changes only figures, so that caches of anything else stay valid.

    `frame` is bumped nevertheless if other rows were written.
    """
    session.info["figures_only"] = True


def begin_epoch(database: Database) -> None:
    """Begins a new epoch after a restore, so that clients and caches do not rely on earlier numbers."""
    with database.write_without_seq() as connection:
        connection.execute(text("UPDATE ledger SET epoch = :epoch"), {"epoch": token_hex(8)})


def caches(session: Session) -> dict[str, Any] | None:
    """Caches that reads of this database share; None for a write, whose changes may be rolled back."""
    return cast(dict[str, Any] | None, session.info.get("caches"))


def forget(session: Session) -> None:
    """Rolls this write back when its block ends."""
    session.info["forget"] = True


@contextmanager
def rolled_back(session: Session) -> Iterator[None]:
    """Rolls back the changes of the block when it ends; the surrounding write goes on."""
    savepoint = session.begin_nested()
    before = changes_of(session).copy()
    try:
        yield
    finally:
        savepoint.rollback()
        changes_of(session).go_back_to(before)


def migrate(url: str, revision: str = "head") -> None:
    """Migrates the database to a revision, by default the newest; safe to run again."""
    from alembic import command
    from alembic.config import Config

    if (path := sqlite_path(url)) is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(project_file("migrations")))
    config.attributes["url"] = url
    command.upgrade(config, revision)


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Locks the database against other processes during the block; raises DatabaseInUse if one has it open."""
    path = sqlite_path(url)
    with nullcontext() if path is None else database_file.lock_exclusively(path):
        yield


def sqlite_path(url: str) -> Path | None:
    """Path of an SQLite database; None for PostgreSQL."""
    parsed = parsed_url(url)
    return Path(parsed.database or "") if _is_sqlite(parsed) else None


def parsed_url(url: str) -> URL:
    """Parses a database URL; raises Error for one of another kind, without its text, which may hold a password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    has_no_file = parsed is not None and _is_sqlite(parsed) and parsed.database in (None, "", ":memory:")
    if parsed is None or parsed.drivername not in DRIVERS or has_no_file:
        raise Error(
            "DATABASE_URL: Expected sqlite:///var/saferplan.db, or postgresql+psycopg://user:password@host/name."
        )
    return parsed


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def leave_work(session: Session) -> None:
    """Wakes the worker when this write is committed."""
    session.info["work"] = True
