"""Reads candidates for owed figures, each with the time it first arrived and its submission."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session

from app.models.column import table
from app.models.figures.submission import Submission
from app.queries.figures.read.row import FIGURE, REVISION
from app.queries.figures.read.stored import as_dicts

SUBMISSION = table(Submission)


def read_ending(
    session: Session, indicators: Collection[int], area: str, months: tuple[int, int]
) -> list[dict[str, Any]]:
    """Figures of an area, without breakdown, that end between two months; by column name, without hiding any.

    `first_at` is the time of the first revision that is neither forecast nor awaited. `sent_seq` is the ledger number
    of the newest submission.
    """
    scope = (
        FIGURE.c.indicator_id.in_(indicators),
        FIGURE.c.area_code == area,
        FIGURE.c.breakdown == "",
        FIGURE.c.last_month >= months[0],
        FIGURE.c.last_month <= months[1],
    )
    first_arrival = (
        select(REVISION.c.figure_id, func.min(REVISION.c.recorded_at).label("first_at"))
        .join(FIGURE, FIGURE.c.id == REVISION.c.figure_id)
        .where(
            *scope,
            or_(REVISION.c.missing.is_(None), REVISION.c.missing != "awaited"),
            REVISION.c.status != "forecast",
        )
        .group_by(REVISION.c.figure_id)
        .subquery()
    )
    query = (
        select(FIGURE, first_arrival.c.first_at, SUBMISSION.c.seq.label("sent_seq"))
        .join(SUBMISSION, SUBMISSION.c.id == FIGURE.c.submission_id)
        .outerjoin(first_arrival, first_arrival.c.figure_id == FIGURE.c.id)
        .where(*scope)
        .order_by(FIGURE.c.last_month, FIGURE.c.first_month.desc())
    )
    return as_dicts(session.connection().execute(query))
