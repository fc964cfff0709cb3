"""Reads figures with every column that the API returns: by ids, or the revisions of one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlmodel import Session

from app.models.column import table
from app.models.figures.figure import FigureValue
from app.models.plan.indicator import Indicator
from app.queries.figures.read.row import (
    AUTHOR_COLUMNS,
    FIGURE,
    ITS_SUBMISSION,
    REVISION,
    SUBMISSION,
    newest_known,
)

INDICATOR = table(Indicator)
VALUES = tuple(FigureValue.model_fields)
IDENTITY = ("id", "indicator_id", "area_code", "breakdown", "first_month", "last_month")


def read_figures(
    session: Session, partnerships: Sequence[int], ids: Collection[int], known_at: datetime | None
) -> Sequence[Row[Any]]:
    """Figures of these ids and partnerships that were known at a moment, in order of id."""
    query = _figures(known_at).where(FIGURE.c.id.in_(ids), INDICATOR.c.partnership_id.in_(partnerships))
    return session.connection().execute(query.order_by(FIGURE.c.id)).all()


def read_revisions(session: Session, figure_id: int) -> list[dict[str, Any]]:
    """Revisions of one figure by column name, newest first."""
    query = (
        select(REVISION, *AUTHOR_COLUMNS)
        .join(SUBMISSION, ITS_SUBMISSION)
        .where(REVISION.c.figure_id == figure_id)
        .order_by(REVISION.c.number.desc())
    )
    return [dict(row) for row in session.connection().execute(query).mappings()]


def _figures(known_at: datetime | None) -> Select[Any]:
    """Selects figures with today's values, or those known at a moment; later figures are left out."""
    source = FIGURE if known_at is None else REVISION
    number = FIGURE.c.revision if known_at is None else REVISION.c.number
    query = (
        select(
            *(FIGURE.c[name] for name in IDENTITY),
            number.label("revision"),
            *(source.c[name] for name in ("recorded_at", "submission_id", *VALUES)),
            INDICATOR.c.code,
            INDICATOR.c.title,
        )
        .select_from(FIGURE)
        .join(INDICATOR, INDICATOR.c.id == FIGURE.c.indicator_id)
    )
    return query if known_at is None else query.join(REVISION, newest_known(known_at))
