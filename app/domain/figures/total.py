"""Totals of a series' shorter figures, quarter by quarter or year by year, beside those sent for the period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.figures.aggregate import add_up
from app.domain.figures.figure import Figure, FigureStatus
from app.domain.period import Period
from app.domain.plan.indicator import Indicator, Window

LEAST_CERTAIN = (FigureStatus.ESTIMATED, FigureStatus.PROVISIONAL, FigureStatus.FINAL)


@dataclass(frozen=True, slots=True)
class PeriodTotal:
    """What the figures within a period add up to; without a value, the reason."""

    period: Period
    value: Decimal | None
    status: FigureStatus
    """The least certain of its parts'."""
    reason: str

    @property
    def figure(self) -> Figure:
        return Figure(self.period, self.value, self.status)


def totals(figures: Sequence[Figure], indicator: Indicator, months: int) -> list[PeriodTotal]:
    """Totals of each financial period of this length that holds shorter figures, and has none of its own.

    Rolling twelve months overlap, and have none.
    """
    if indicator.window is Window.ROLLING_YEAR:
        return []
    own = {figure.period for figure in figures}
    parts: dict[Period, list[Figure]] = {}
    for figure in figures:
        period = _period_around(figure.period, months)
        if period is not None and period not in own:
            parts.setdefault(period, []).append(figure)
    return [_total(period, parts[period], indicator) for period in sorted(parts, key=lambda each: each.first)]


def _period_around(part: Period, months: int) -> Period | None:
    """The financial quarter or year that holds a shorter period; None if none does."""
    if part.months >= months:
        return None
    first = part.first - part.first % 3 if months == 3 else part.financial_year().first
    around = Period(first, months)
    return around if around.contains(part) else None


def _total(period: Period, parts: Sequence[Figure], indicator: Indicator) -> PeriodTotal:
    status = _least_certain(parts)
    broken = indicator.break_between(period.first, period.last)
    if broken is not None:
        return PeriodTotal(period, None, status, f"not added up, as the recording changed: {broken.reason}")
    total = add_up(parts, indicator, period)
    return PeriodTotal(period, total.value, status, total.reason)


def _least_certain(parts: Iterable[Figure]) -> FigureStatus:
    used = {part.status for part in parts if part.value is not None}
    return next((status for status in LEAST_CERTAIN if status in used), FigureStatus.PROVISIONAL)
