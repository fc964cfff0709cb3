"""One database behind two promises: every read sees one moment, and writes come one after another.

The ledger row is the deployment's write lock and its clock. A write takes it first (SQLite by BEGIN
IMMEDIATE, PostgreSQL by updating the row), so `seq` is a total order of changes: what carries a lower
number was committed earlier. Clocks cannot promise that; a slow writer's timestamp is older than its commit.
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
"""Handlers reading at the same time in one worker. More would only contend for the interpreter: eight serve a
quarter less than two."""
OTHER_CONNECTIONS = 3
"""Beside the readers': of the one who writes, of the worker's thread, and of a look at whether all is well."""


class Database:
    """An engine and the two ways to use it."""

    def __init__(self, url: str, connections: int = 10) -> None:
        """`connections` are the most to a server at a time; an embedded database has as many as serve it best."""
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
        """Set when something was left for the worker to do: one in this process need not wait to look."""

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session on one snapshot. `session.info["seq"]` is the ledger's number that snapshot saw."""
        with self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with Session(bind=connection, autoflush=False, expire_on_commit=False) as session:
                row = connection.exec_driver_sql("SELECT seq, epoch, frame FROM ledger").one()
                session.info.update(seq=row.seq, epoch=row.epoch, frame=row.frame, caches=self.caches)
                yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that holds the ledger; commits when the block ends, rolls back when it raises.

        A block that asks for it by `forget(session)` is rolled back too: a dry run, or nothing to change. What
        changed is hashed into the audit record (`app.record`), so rows change through the session alone.
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
    def aside(self) -> Iterator[Connection]:
        """A small write that is nobody's business but the service's own (last use of a key): no ledger number,
        and no change to what the audit record covers."""
        with self.engine.connect() as connection:
            connection.execution_options(saferplan_write=True, saferplan_changes=Changes())
            with connection.begin():
                yield connection
            self._require_in_place(connection)

    def is_replaced(self) -> bool:
        """Whether another file was put in the place of the one that is open. Nothing is read or written then."""
        return self.file is not None and self.file.is_replaced()

    def close(self) -> None:
        self.engine.dispose()
        if self.file is not None:
            self.file.close()

    def _require_in_place(self, connection: Connection) -> None:
        """What was just committed may have gone to a file that is not the database any more."""
        if self.file is not None:
            self.file.require_in_place(sqlite_connection(connection))


@event.listens_for(Session, "before_flush")
def stamp_seq(session: Session, *_rest: Any) -> None:
    """Gives every new or changed row that has a `seq` the number of the write it is flushed in."""
    if "seq" in session.info:
        for row in (*session.new, *filter(session.is_modified, session.dirty)):
            if hasattr(row, "seq"):
                row.seq = seq(session)


def seq(session: Session) -> int:
    """The ledger number of this session's snapshot (a read) or of its change (a write)."""
    return cast(int, session.info["seq"])


def epoch(session: Session) -> str:
    """Differs from before each restore; with it a ledger number means one change and no other."""
    return cast(str, session.info["epoch"])


def frame(session: Session) -> int:
    """The number of the last change that was not of figures alone, as a read's snapshot has it."""
    return cast(int, session.info["frame"])


def figures_only(session: Session) -> None:
    """Declares that this write changes nothing but figures: all else that reads have looked up stays good.

    It is held to that: `frame` moves all the same where other rows were written.
    """
    session.info["figures_only"] = True


def begin_epoch(database: Database) -> None:
    """After a restore: what was told or kept before it is not taken for what is there now."""
    with database.aside() as connection:
        connection.execute(text("UPDATE ledger SET epoch = :epoch"), {"epoch": token_hex(8)})


def caches(session: Session) -> dict[str, Any] | None:
    """The caches that reads of this database share. A write, whose changes may be rolled back, has none."""
    return cast(dict[str, Any] | None, session.info.get("caches"))


def forget(session: Session) -> None:
    """Let this write leave nothing behind."""
    session.info["forget"] = True


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """What the block does to the database is taken back when it ends; the write it stands in goes on."""
    tried = session.begin_nested()
    before = changes_of(session).copy()
    try:
        yield
    finally:
        tried.rollback()
        changes_of(session).go_back_to(before)


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database up to the newest schema; safe to run again."""
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
    """While this block runs no other process has the database open; DatabaseInUse where one has."""
    path = sqlite_path(url)
    with nullcontext() if path is None else database_file.lock_exclusively(path):
        yield


def sqlite_path(url: str) -> Path | None:
    """The file of an embedded database, or None for a server's."""
    parsed = parsed_url(url)
    return Path(parsed.database or "") if _is_sqlite(parsed) else None


def parsed_url(url: str) -> URL:
    """Error where it names no database of ours. It may hold a password, and is not shown."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    is_nowhere = parsed is not None and _is_sqlite(parsed) and parsed.database in (None, "", ":memory:")
    if parsed is None or parsed.drivername not in DRIVERS or is_nowhere:
        raise Error(
            "DATABASE_URL: Expected sqlite:///var/saferplan.db, or postgresql+psycopg://user:password@host/name."
        )
    return parsed


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def leave_work(session: Session) -> None:
    """Once this write is committed, let the worker look for what it left."""
    session.info["work"] = True
