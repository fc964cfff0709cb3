"""Stores digests of existing rows: for the migration that begins them, and for those that change rows."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection, inspect, text

from app.record.columns import FIGURE_LISTS, LISTS, columns_of
from app.record.event import Event, canonical
from app.record.figure import all_figures_digests
from app.record.row import RowDigest, all_digests, row_key
from app.record.write import SUBJECT, append

BEGUN = "digests begun"
"""Action of the event that begins to cover rows; a record without one covers them from its first event."""
RENEWED = "digests renewed"
DROPPED = "tables dropped"
ACTOR = "migration"


def begin_digests(connection: Connection) -> None:
    """Stores a digest of every existing row, unless the database is new. For the migration that creates the table.

    A table of a later schema is left out, and of a table the newest list that fits the schema is used.
    """
    if connection.execute(text("SELECT seq FROM ledger")).scalar_one() > 0:
        _store_digests(connection, BEGUN, [*LISTS, "figure"])


def renew_digests(connection: Connection, tables: Collection[str]) -> None:
    """Stores new digests of the rows of some tables. For migrations that change their content."""
    if connection.execute(text("SELECT seq FROM ledger")).scalar_one() > 0:
        _store_digests(connection, RENEWED, tables)


def record_dropped(connection: Connection, tables: Collection[str]) -> None:
    """Records the rows of some tables as deleted. For the way down of migrations, before they drop the tables."""
    if connection.execute(text("SELECT seq FROM ledger")).scalar_one() > 0:
        deleted = [each._replace(digest=None) for each in _digests(connection, tables)]
        _append_event(connection, DROPPED, tables, deleted)


def _store_digests(connection: Connection, action: str, tables: Collection[str]) -> None:
    _append_event(connection, action, tables, _digests(connection, tables))


def _append_event(
    connection: Connection, action: str, tables: Collection[str], digests: Iterable[RowDigest]
) -> None:
    ledger = text("UPDATE ledger SET seq = seq + 1 RETURNING seq, head")
    seq, head = connection.execute(ledger).one()
    facts = canonical({"tables": sorted(tables)})
    event = Event(seq, datetime.now(UTC), None, ACTOR, action, SUBJECT, str(seq), facts)
    append(connection, seq, head, [event], digests)


def _digests(connection: Connection, tables: Collection[str]) -> Iterator[RowDigest]:
    schema = inspect(connection)
    for name in sorted(tables):
        if not schema.has_table(name):
            continue
        version = _fitting_version(name, {column["name"] for column in schema.get_columns(name)})
        if name == "figure":
            for submission_id, digest in all_figures_digests(connection, version):
                yield RowDigest(name, str(submission_id), version, digest)
        else:
            for key, digest in all_digests(connection, name, version):
                yield RowDigest(name, row_key(key), version, digest)


def _fitting_version(name: str, columns: set[str]) -> int:
    """Version of the newest list whose columns all exist."""
    count = len(FIGURE_LISTS if name == "figure" else LISTS[name])
    return next(each for each in range(count, 0, -1) if columns.issuperset(columns_of(name, each)))
