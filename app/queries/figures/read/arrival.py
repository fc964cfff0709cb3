"""Reads revisions recorded after a moment, each with the revision before it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from app.models.column import table
from app.models.plan.indicator import Indicator
from app.queries.figures.read.row import AUTHOR_COLUMNS, FIGURE, ITS_SUBMISSION, REVISION, SUBMISSION
from app.queries.figures.read.stored import as_dicts

INDICATOR = table(Indicator)
EARLIER = REVISION.alias()


def revisions_after(
    session: Session, partnership_id: int, moment: datetime, months: tuple[int, int] | None
) -> list[dict[str, Any]]:
    """Revisions by column name, the earlier one's as `was_value` and so on; of figures ending in `months`, or of all.

    Starts from submissions after the moment, as a later revision has a later submission; not from every revision.
    """
    identity = (FIGURE.c.indicator_id, FIGURE.c.first_month, FIGURE.c.last_month)
    was = [column.label(f"was_{column.name}") for column in EARLIER.columns]
    before = (EARLIER.c.figure_id == REVISION.c.figure_id) & (EARLIER.c.number == REVISION.c.number - 1)
    query = (
        select(REVISION, *AUTHOR_COLUMNS, *identity, *was)
        .join(SUBMISSION, ITS_SUBMISSION)
        .join(FIGURE, FIGURE.c.id == REVISION.c.figure_id)
        .join(INDICATOR, INDICATOR.c.id == FIGURE.c.indicator_id)
        .outerjoin(EARLIER, before)
        .where(
            INDICATOR.c.partnership_id == partnership_id,
            SUBMISSION.c.recorded_at > moment,
            REVISION.c.recorded_at > moment,
        )
        .order_by(REVISION.c.seq, REVISION.c.figure_id)
    )
    if months is not None:
        query = query.where(FIGURE.c.last_month.between(*months))
    return as_dicts(session.connection().execute(query))
