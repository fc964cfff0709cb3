"""Reads stored figures as they stand, whoever may see them: for checks of the whole deployment, and for commands."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Result, Row, func, select
from sqlmodel import Session

from app.queries.figures.read.row import FIGURE, REVISION

AT_A_TIME = 10_000


def figure_count(session: Session) -> int:
    return int(session.connection().execute(select(func.count()).select_from(FIGURE)).scalar_one())


def all_figures(session: Session) -> Iterator[Sequence[Row[Any]]]:
    """Of every partnership, some thousand at a time."""
    rows = session.connection().execute(select(FIGURE).execution_options(yield_per=AT_A_TIME))
    return rows.partitions()


def figures_numbered(session: Session, ids: Collection[int]) -> list[dict[str, Any]]:
    """By column name."""
    if not ids:
        return []
    return as_dicts(session.connection().execute(select(FIGURE).where(FIGURE.c.id.in_(ids))))


def figures_sent(session: Session, submission: int) -> set[int]:
    """Ids of the figures that a submission made or changed."""
    query = select(REVISION.c.figure_id).where(REVISION.c.submission_id == submission)
    return set(session.connection().execute(query).scalars())


def as_dicts(rows: Result[Any]) -> list[dict[str, Any]]:
    """Rows by column name. A result's own mappings look every name up anew, which many rows make dear."""
    names = tuple(rows.keys())
    return [dict(zip(names, row, strict=True)) for row in rows.all()]
