"""Reads versions of indicators' definitions: each is in force from one edit to the next."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from app.models.plan.definition import Definition, IndicatorVersion
from app.models.plan.indicator import Indicator


class IndicatorVersions:
    """Every version of some indicators, in one read."""

    def __init__(self, session: Session, rows: Iterable[Indicator]) -> None:
        self._by_indicator: dict[int, list[IndicatorVersion]] = {}
        ids = [row.id for row in rows]
        query = select(IndicatorVersion).where(col(IndicatorVersion.indicator_id).in_(ids))
        for each in session.exec(query.order_by(col(IndicatorVersion.id))):
            self._by_indicator.setdefault(each.indicator_id, []).append(each)

    def newest(self, row: Indicator) -> IndicatorVersion | None:
        return next(reversed(self._of(row)), None)

    def at(self, row: Indicator, moment: datetime) -> Definition:
        """The definition known at a moment; before the first version, the first."""
        return self._last(row, lambda each: each.recorded_at <= moment)

    def at_seq(self, row: Indicator, number: int) -> Definition:
        """The definition at a ledger number, whatever the clock said."""
        return self._last(row, lambda each: each.seq <= number)

    def _last(self, row: Indicator, is_known: Callable[[IndicatorVersion], bool]) -> Definition:
        versions = self._of(row)
        return next(filter(is_known, reversed(versions)), versions[0] if versions else row)

    def _of(self, row: Indicator) -> list[IndicatorVersion]:
        return self._by_indicator.get(row.id, [])


def definitions_at(
    session: Session, rows: Sequence[Indicator], moment: datetime | None
) -> dict[int, Definition]:
    """Definitions known at a moment, by indicator id; today's if `moment` is None.

    Visibility of figures never depends on these, but on today's definition.
    """
    if moment is None:
        return {row.id: row for row in rows}
    versions = IndicatorVersions(session, rows)
    return {row.id: versions.at(row, moment) for row in rows}
