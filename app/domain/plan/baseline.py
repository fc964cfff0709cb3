"""A plan's baseline: a figure, the reason for having none, or a year whose figure will become the baseline."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.number import plain
from app.domain.period import Period
from app.domain.plan.indicator import Indicator


@dataclass(frozen=True, slots=True)
class Baseline:
    period: Period
    value: Decimal
    caveat: str = ""

    @property
    def words(self) -> str:
        """The bare number and its period; `words_in` adds the indicator's unit."""
        return self._with_period(plain(self.value))

    def words_in(self, indicator: Indicator) -> str:
        return self._with_period(indicator.words(self.value))

    def _with_period(self, number: str) -> str:
        caveat = f" ({self.caveat})" if self.caveat else ""
        return f"{number} in {self.period.short_label}{caveat}"


@dataclass(frozen=True, slots=True)
class NoBaseline:
    reason: str

    @property
    def words(self) -> str:
        return f"None: {self.reason}" if self.reason else "None"

    def words_in(self, indicator: Indicator) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class BaselineYear:
    """A year whose figure becomes the baseline once it is complete."""

    year: Period

    @property
    def words(self) -> str:
        return f"{self.year.short_label} is the baseline year"

    def words_in(self, indicator: Indicator) -> str:
        return self.words


AnyBaseline = Baseline | NoBaseline | BaselineYear
