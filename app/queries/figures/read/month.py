"""Reads the months in which indicators' figures end, with one index look-up a month."""

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
    """Months by indicator id, in order. A DISTINCT would read every one of their figures."""
    first = select(INDICATOR.c.id, _earliest(INDICATOR.c.id).label("month")).where(
        INDICATOR.c.id.in_(indicators)
    )
    end_months = first.cte("end_months", recursive=True)
    following = _earliest(end_months.c.id, FIGURE.c.last_month > end_months.c.month)
    query = end_months.union_all(select(end_months.c.id, following).where(end_months.c.month.is_not(None)))
    months: dict[int, list[int]] = defaultdict(list)
    for id_, month in session.connection().execute(select(query.c.id, query.c.month)):
        if month is not None:
            months[id_].append(month)
    return months


def _earliest(indicator: Any, *later: Any) -> ScalarSelect[Any]:
    query = select(func.min(FIGURE.c.last_month)).where(FIGURE.c.indicator_id == indicator, *later)
    return query.correlate_except(FIGURE).scalar_subquery()
