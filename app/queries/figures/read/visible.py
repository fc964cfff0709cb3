"""Reads figures of some months, of every area and breakdown, without those hidden from the viewer."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from app.queries.figures.read.row import FIGURE
from app.queries.figures.read.stored import as_dicts
from app.queries.figures.visibility import FigureVisibility, GuardedIndicator


def read_visible(
    session: Session,
    visibility: FigureVisibility,
    indicators: Mapping[int, GuardedIndicator],
    ends: Collection[int],
) -> list[dict[str, Any]]:
    """Visible figures by column name; `indicators` by id, `ends` the months they end in."""
    query = select(FIGURE).where(FIGURE.c.indicator_id.in_(indicators), FIGURE.c.last_month.in_(ends))
    rows = as_dicts(session.connection().execute(query))
    return [row for row in rows if not visibility.hides(indicators[row["indicator_id"]], row["last_month"])]
