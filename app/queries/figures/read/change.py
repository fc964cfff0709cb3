"""Finds the changed figures of one page: few of them by when they changed, many of them along the list."""

from datetime import date

from sqlalchemy import ColumnElement, FromClause, and_, exists, or_, select
from sqlmodel import Session

from app.models.column import table
from app.models.figures.release import Release
from app.queries.figures.day_reached import day_reached
from app.queries.figures.read.page import Search, Wanted
from app.queries.figures.read.row import FIGURE

RELEASE = table(Release)
OTHER = FIGURE.alias("other")
FEW = 5_000
"""Changes that are read whole for every page of them."""


class Changes:
    """Figures that changed after a ledger number, or by an approval whose day came since, of those searched for."""

    def __init__(self, session: Session, search: Search, since: int, today: date) -> None:
        self._search, self._since = search, since
        day = day_reached(session, since)
        self._has_come = and_(RELEASE.c.from_on > day, RELEASE.c.from_on <= today)

    def page(self) -> list[int]:
        """The page's ids."""
        if self._are_few:
            return self._of_all()
        is_released = exists().where(_is_of(RELEASE, FIGURE), self._has_come)
        changed = or_(FIGURE.c.seq + 0 > self._since, is_released)
        if self._search.wanted != Wanted():
            return self._search.page(changed)
        page = self._search.ahead(changed)
        return page if page is not None else self._of_all()

    @property
    def _are_few(self) -> bool:
        changed = select(FIGURE.c.seq).where(FIGURE.c.seq > self._since).order_by(FIGURE.c.seq)
        return self._search.connection.execute(changed.limit(1).offset(FEW)).first() is None

    def _of_all(self) -> list[int]:
        """From all that changed: an OR of the two kinds would make either database read every figure there is."""
        changed = select(OTHER.c.id).where(OTHER.c.seq > self._since)
        released = select(OTHER.c.id).where(_is_of(RELEASE, OTHER), self._has_come)
        after = self._search.part.after
        return self._search.first(FIGURE.c.id.in_(changed.union(released)), FIGURE.c.id + 0 > after)


def _is_of(release: FromClause, figure: FromClause) -> ColumnElement[bool]:
    return and_(release.c.indicator_id == figure.c.indicator_id, release.c.last_month == figure.c.last_month)
