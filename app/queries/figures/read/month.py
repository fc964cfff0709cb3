"""The months in which indicators' figures end, found by as many looks as there are months."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlmodel import Session

from app.models.column import table
from app.models.plan.indicator import Indicator
from app.queries.figures.read.row import FIGURE

INDICATOR = table(Indicator)


def months_with_figures(session: Session, indicators: Collection[int]) -> dict[int, list[int]]:
    """By indicator id, in order. A DISTINCT would read every figure of theirs."""
    first = select(INDICATOR.c.id, _earliest(INDICATOR.c.id).label("month")).where(
        INDICATOR.c.id.in_(indicators)
    )
    found = first.cte("found", recursive=True)
    following = _earliest(found.c.id, FIGURE.c.last_month > found.c.month)
    query = found.union_all(select(found.c.id, following).where(found.c.month.is_not(None)))
    months: dict[int, list[int]] = defaultdict(list)
    for id_, month in session.connection().execute(select(query.c.id, query.c.month)):
        if month is not None:
            months[id_].append(month)
    return months


def _earliest(indicator: Any, *later: Any) -> ScalarSelect[Any]:
    query = select(func.min(FIGURE.c.last_month)).where(FIGURE.c.indicator_id == indicator, *later)
    return query.correlate_except(FIGURE).scalar_subquery()
