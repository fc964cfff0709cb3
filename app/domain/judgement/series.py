"""One indicator's outturn figures, indexed once for all judgements."""

from collections.abc import Sequence
from decimal import Decimal

from app.domain.figures.aggregate import Parts
from app.domain.figures.figure import Figure
from app.domain.judgement.significance import dispersion
from app.domain.plan.indicator import Indicator


class Series:
    """Figures of one area and breakdown, in order of period. Forecasts and missing values are left out."""

    __slots__ = ("_dispersion", "figures", "indicator", "parts")

    def __init__(self, indicator: Indicator, figures: Sequence[Figure]) -> None:
        self.indicator = indicator
        self.figures = figures
        self.parts = Parts(figures)
        self._dispersion: tuple[float, int] | None = None

    def sum(self, first: int, last: int) -> Decimal | None:
        return self.parts.sum(first, last)

    @property
    def dispersion(self) -> tuple[float, int]:
        """Dispersion of the counts, and the number of like-for-like comparisons it is computed from.

        Like for like is the same months a year before, at the indicator's own frequency, on one side of every
        break and outside exceptional periods.
        """
        if self._dispersion is None:
            self._dispersion = dispersion(self._pairs())
        return self._dispersion

    def _pairs(self) -> list[tuple[float, float]]:
        months, indicator = self.indicator.frequency.months, self.indicator
        regular = self.parts.of_length(months)
        if indicator.breaks or indicator.exceptional:
            pairs = [
                (now, at) for at, now in regular.items() if at - 12 in regular and self._alike(at, months)
            ]
            return [(now, regular[at - 12]) for now, at in pairs]
        return [(now, regular[at - 12]) for at, now in regular.items() if at - 12 in regular]

    def _alike(self, first: int, months: int) -> bool:
        """Whether the months and those of the year before may be compared."""
        indicator, last = self.indicator, first + months - 1
        return indicator.break_between(first - 12, last) is None and not (
            indicator.is_exceptional(first, last) or indicator.is_exceptional(first - 12, last - 12)
        )
