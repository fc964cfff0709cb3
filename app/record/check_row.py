"""Verifies rows against their digests: none changed, inserted or deleted without the record."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from app.record.columns import LISTS, newest_version
from app.record.row import RowDigest, all_digests, row_key
from app.record.write import ROW_DIGEST, DigestsHash

Recorded = tuple[int, str]
"""Version of the list and digest, of a row or of the identities of a submission's figures."""


class Digests:
    """The stored digests: a hash over those of each change, and the newest of each row."""

    def __init__(self, connection: Connection) -> None:
        self.hashes: dict[int, str] = {}
        self.newest: dict[str, dict[str, Recorded]] = defaultdict(dict)
        query = select(ROW_DIGEST).order_by(ROW_DIGEST.c.seq, ROW_DIGEST.c.number)
        rows = connection.execute(query.execution_options(yield_per=1_000))
        for seq, group in groupby(rows, attrgetter("seq")):
            total = DigestsHash()
            for row in group:
                digest = RowDigest(row.table_name, row.row_key, row.list_version, row.digest)
                total.add(row.number, digest)
                self._add(digest)
            self.hashes[seq] = total.hexdigest()

    def _add(self, digest: RowDigest) -> None:
        rows = self.newest[digest.table_name]
        if digest.digest is None:
            rows.pop(digest.row_key, None)
        else:
            rows[digest.row_key] = (digest.list_version, digest.digest)


def check_digests(stored: Mapping[int, str], covered: Mapping[int, str]) -> Iterator[str]:
    """Compares the hash over each change's digests with the one its event covers."""
    for seq in sorted(stored.keys() | covered.keys(), key=str):
        if stored.get(seq) != covered.get(seq):
            yield f"The row digests of change {seq} are not those that its event covers."


def check_rows(connection: Connection, newest: Mapping[str, Mapping[str, Recorded]]) -> Iterator[str]:
    """Compares every row with its digest, in tables that have one for each row."""
    for name in sorted(LISTS):
        try:
            yield from _check_table(connection, name, newest.get(name, {}))
        except (SQLAlchemyError, ValueError, TypeError, ArithmeticError, LookupError) as error:
            yield f"A row of {name} cannot be read: {type(error).__name__}."


def _check_table(connection: Connection, name: str, recorded: Mapping[str, Recorded]) -> Iterator[str]:
    missing = set(recorded)
    for version in {newest_version(name), *(version for version, _ in recorded.values())}:
        for row, digest in all_digests(connection, name, version):
            key = row_key(row)
            missing.discard(key)
            if key not in recorded and version == newest_version(name):
                yield f"Row {key} of {name} was never recorded: it was put in."
            elif key in recorded and recorded[key][0] == version and recorded[key][1] != digest:
                yield f"Row {key} of {name} is not what was recorded."
    for key in sorted(missing):
        yield f"Row {key} of {name} was recorded and is not there."
