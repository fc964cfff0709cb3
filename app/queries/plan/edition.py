"""What indicators were at some moment: their definitions as they stood between one edit and the next."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from app.models.plan.definition import Definition, IndicatorEdition
from app.models.plan.indicator import Indicator


class Editions:
    """Every edition of some indicators, in one read."""

    def __init__(self, session: Session, rows: Iterable[Indicator]) -> None:
        self._by_indicator: dict[int, list[IndicatorEdition]] = {}
        ids = [row.id for row in rows]
        query = select(IndicatorEdition).where(col(IndicatorEdition.indicator_id).in_(ids))
        for each in session.exec(query.order_by(col(IndicatorEdition.id))):
            self._by_indicator.setdefault(each.indicator_id, []).append(each)

    def newest(self, row: Indicator) -> IndicatorEdition | None:
        return next(reversed(self._of(row)), None)

    def at(self, row: Indicator, moment: datetime) -> Definition:
        """The indicator as it was known then. What was first said of it holds for the time before that too."""
        return self._last(row, lambda each: each.recorded_at <= moment)

    def by(self, row: Indicator, number: int) -> Definition:
        """The indicator as it stood at a change of the ledger, whatever any clock said."""
        return self._last(row, lambda each: each.seq <= number)

    def _last(self, row: Indicator, is_known: Callable[[IndicatorEdition], bool]) -> Definition:
        editions = self._of(row)
        return next(filter(is_known, reversed(editions)), editions[0] if editions else row)

    def _of(self, row: Indicator) -> list[IndicatorEdition]:
        return self._by_indicator.get(row.id, [])


def as_known(session: Session, rows: Sequence[Indicator], moment: datetime | None) -> dict[int, Definition]:
    """Definitions by the indicator's id; today's where no moment is asked for.

    Who may see its figures is never asked of these: that goes by today's.
    """
    if moment is None:
        return {row.id: row for row in rows}
    editions = Editions(session, rows)
    return {row.id: editions.at(row, moment) for row in rows}
