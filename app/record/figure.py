"""Digests of figures, by submission: of the revisions it stored, and of the identities of the figures it created."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, select

from app.models.column import plain, table
from app.models.figures.figure import Figure, FigureRevision
from app.record.columns import FIGURE_LISTS, REVISION_LISTS, columns_of, newest_version
from app.record.row import AT_ONCE, RowDigest, digest_of

FIGURE, REVISION = table(Figure), table(FigureRevision)
NAME = FIGURE.name
REVISION_VERSION = len(REVISION_LISTS)
ROWS = "rows_sha256"
"""Key in an event's data: the hash over the revisions that a submission stored."""
ROWS_VERSION = "rows_version"
"""Key in an event's data: the version of the list of columns that the hash covers; absent, the first."""


def figures_digest(connection: Connection, submission_id: int) -> RowDigest | None:
    """Digest of the identities of the figures that a submission created; None where it created none."""
    version = newest_version(NAME)
    query = _created(version).where(REVISION.c.submission_id == submission_id)
    rows = connection.execute(query).all()
    return RowDigest(NAME, str(submission_id), version, _figures_hash(version, rows)) if rows else None


def all_figures_digests(
    connection: Connection, version: int = len(FIGURE_LISTS)
) -> Iterator[tuple[int, str]]:
    """Yields submission id and digest, of every submission that created figures, in order."""
    rows = connection.execute(_created(version).execution_options(yield_per=AT_ONCE))
    for submission_id, group in groupby(rows, itemgetter(0)):
        yield submission_id, _figures_hash(version, list(group))


def _created(version: int) -> Select[Any]:
    """Selects each figure with the submission of its first revision."""
    return (
        select(REVISION.c.submission_id, *(FIGURE.c[name] for name in columns_of(NAME, version)))
        .join(FIGURE, FIGURE.c.id == REVISION.c.figure_id)
        .where(REVISION.c.number == 1)
        .order_by(REVISION.c.submission_id, REVISION.c.figure_id)
    )


def _figures_hash(version: int, rows: Sequence[Any]) -> str:
    return digest_of(NAME, version, [tuple(row[1:]) for row in rows])


def revisions_facts(connection: Connection, submission_id: int) -> dict[str, Any]:
    """Facts for an event's data: SHA-256 over the revisions a submission stored, and the version of its list.

    They are read back from the database, so that the hash covers the stored rows.
    """
    query = _revisions(REVISION_VERSION).where(REVISION.c.submission_id == submission_id)
    return {ROWS: _revisions_hash(connection.execute(query).all()), ROWS_VERSION: REVISION_VERSION}


def all_revisions_hashes(connection: Connection, version: int) -> Iterator[tuple[int, str]]:
    """Yields submission id and hash, of every submission that stored revisions, in order."""
    rows = connection.execute(_revisions(version).execution_options(yield_per=AT_ONCE))
    for submission_id, group in groupby(rows, lambda row: row.submission_id):
        yield submission_id, _revisions_hash(list(group))


def _revisions(version: int) -> Select[Any]:
    columns = [REVISION.c[name] for name in REVISION_LISTS[version - 1].split()]
    return select(*columns).order_by(REVISION.c.submission_id, REVISION.c.figure_id, REVISION.c.number)


def _revisions_hash(rows: Sequence[Any]) -> str:
    by_column = [_texts(column) for column in zip(*rows, strict=True)]
    cells = list(zip(*by_column, strict=True))
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()


def _texts(column: Sequence[Any]) -> list[str | None]:
    """Formats a column's cells; equal ones once, as most of a column is equal."""
    texts = {cell: _cell_text(cell) for cell in set(column)}
    return [texts[cell] for cell in column]


def _cell_text(cell: Any) -> str | None:
    """Formats a cell, the same for either driver."""
    if cell is None:
        return None
    return plain(cell) if isinstance(cell, Decimal) else str(cell)


NO_REVISIONS = _revisions_hash([])
"""Hash of a submission that changed nothing."""
