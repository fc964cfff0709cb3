"""Selects the changed figures of one page: few changes by ledger number, many in order of id."""

from datetime import date

from sqlalchemy import ColumnElement, FromClause, and_, exists, or_, select
from sqlmodel import Session

from app.models.column import table
from app.models.figures.release import Release
from app.queries.figures.day_reached import day_reached
from app.queries.figures.read.page import FigureFilters, Search
from app.queries.figures.read.row import FIGURE

RELEASE = table(Release)
OTHER = FIGURE.alias("other")
FEW = 5_000
"""Changes up to this number are all read for every page."""


class Changes:
    """Selects figures of a search that changed after a ledger number, or that a release has shown since."""

    def __init__(self, session: Session, search: Search, since: int, today: date) -> None:
        self._search, self._since = search, since
        day = day_reached(session, since)
        self._took_effect = and_(RELEASE.c.from_on > day, RELEASE.c.from_on <= today)

    def page(self) -> list[int]:
        """Ids of the page."""
        if self._is_short:
            return self._page_of_changes()
        is_released = exists().where(_is_of(RELEASE, FIGURE), self._took_effect)
        changed = or_(FIGURE.c.seq + 0 > self._since, is_released)
        if self._search.filters != FigureFilters():
            return self._search.page(changed)
        page = self._search.ahead(changed)
        return page if page is not None else self._page_of_changes()

    @property
    def _is_short(self) -> bool:
        changed = select(FIGURE.c.seq).where(FIGURE.c.seq > self._since).order_by(FIGURE.c.seq)
        return self._search.connection.execute(changed.limit(1).offset(FEW)).first() is None

    def _page_of_changes(self) -> list[int]:
        """Selects by a UNION of changed and released ids: an OR would make either database read every figure."""
        changed = select(OTHER.c.id).where(OTHER.c.seq > self._since)
        released = select(OTHER.c.id).where(_is_of(RELEASE, OTHER), self._took_effect)
        after = self._search.page_query.after
        return self._search.first(FIGURE.c.id.in_(changed.union(released)), FIGURE.c.id + 0 > after)


def _is_of(release: FromClause, figure: FromClause) -> ColumnElement[bool]:
    return and_(release.c.indicator_id == figure.c.indicator_id, release.c.last_month == figure.c.last_month)
