"""Reads figures that may answer for something owed, with when each first came and by which change."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session

from app.models.column import table
from app.models.figures.submission import Submission
from app.queries.figures.read.row import FIGURE, REVISION
from app.queries.figures.read.stored import as_dicts

SUBMISSION = table(Submission)


def figures_ending(
    session: Session, indicators: Collection[int], area: str, months: tuple[int, int]
) -> list[dict[str, Any]]:
    """Whole figures of an area that end from one month to another, by column name, whoever may see them.

    `first_at` is when one first came: a forecast or an awaited figure has not. `sent_seq` is the ledger number of
    the submission that it came with.
    """
    scope = (
        FIGURE.c.indicator_id.in_(indicators),
        FIGURE.c.area_code == area,
        FIGURE.c.breakdown == "",
        FIGURE.c.last_month >= months[0],
        FIGURE.c.last_month <= months[1],
    )
    came = (
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
        select(FIGURE, came.c.first_at, SUBMISSION.c.seq.label("sent_seq"))
        .join(SUBMISSION, SUBMISSION.c.id == FIGURE.c.submission_id)
        .outerjoin(came, came.c.figure_id == FIGURE.c.id)
        .where(*scope)
        .order_by(FIGURE.c.last_month, FIGURE.c.first_month.desc())
    )
    return as_dicts(session.connection().execute(query))
