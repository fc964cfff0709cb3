"""Reads stored figures without hiding any: for checks of the whole deployment, and for commands."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Result, Row, func, select
from sqlmodel import Session

from app.queries.figures.read.row import FIGURE, REVISION

AT_A_TIME = 10_000


def figure_count(session: Session) -> int:
    return int(session.connection().execute(select(func.count()).select_from(FIGURE)).scalar_one())


def all_figures(session: Session) -> Iterator[Sequence[Row[Any]]]:
    """Every figure of every partnership, in batches of `AT_A_TIME`."""
    rows = session.connection().execute(select(FIGURE).execution_options(yield_per=AT_A_TIME))
    return rows.partitions()


def read_by_ids(session: Session, ids: Collection[int]) -> list[dict[str, Any]]:
    """Figures of these ids, by column name."""
    if not ids:
        return []
    return as_dicts(session.connection().execute(select(FIGURE).where(FIGURE.c.id.in_(ids))))


def ids_of_submission(session: Session, submission: int) -> set[int]:
    """Ids of the figures that a submission created or revised."""
    query = select(REVISION.c.figure_id).where(REVISION.c.submission_id == submission)
    return set(session.connection().execute(query).scalars())


def as_dicts(rows: Result[Any]) -> list[dict[str, Any]]:
    """Converts rows to dicts by column name, faster over many rows than `Result.mappings`."""
    names = tuple(rows.keys())
    return [dict(zip(names, row, strict=True)) for row in rows.all()]
