"""An indicator: the facts that decide how its figures may be added, compared and judged."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.errors import RuleBroken
from app.domain.number import number_words, plain
from app.domain.period import Period


class Measure(StrEnum):
    COUNT = "count"
    PERCENTAGE = "percentage"
    RATE = "rate"
    MONEY = "money"
    MEAN = "mean"
    INDEX = "index"

    @property
    def with_article(self) -> str:
        """The noun with its article, for sentences: "a count", "an index"."""
        return _WITH_ARTICLE.get(self, f"a {self.value}")


_WITH_ARTICLE = {Measure.MONEY: "a sum of money", Measure.INDEX: "an index"}


class Polarity(StrEnum):
    HIGHER_IS_BETTER = "higher_is_better"
    LOWER_IS_BETTER = "lower_is_better"
    IN_BAND = "in_band"
    MONITOR = "monitor"


class Frequency(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def months(self) -> int:
        return _MONTHS[self]


_MONTHS = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.YEAR: 12}


class Window(StrEnum):
    """Months that one figure covers: its own period, or the twelve months that end with it."""

    PERIOD = "period"
    ROLLING_YEAR = "rolling_year"


class AddsUp(StrEnum):
    """Rule for adding figures of short periods up to one of a longer period."""

    SUM = "sum"
    RATIO = "ratio"
    LATEST = "latest"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Break:
    """A recording change. `period_start` is the month index (as Period.first) from which it takes effect.

    With a named back-cast the earlier figures have been restated, and may be compared across it.
    """

    period_start: int
    reason: str
    backcast: bool = False


@dataclass(frozen=True, slots=True)
class Indicator:
    """The facts that judging needs.

    `unit` names the things counted or averaged ("offences", "days") or a rate's denominator ("residents").
    `per` is a rate's multiplier (1,000 residents). `tolerance` says how narrowly missed is "near": percentage
    points for a percentage, per cent of the target for everything else; None for the usual rule.
    """

    measure: Measure = Measure.COUNT
    polarity: Polarity = Polarity.LOWER_IS_BETTER
    frequency: Frequency = Frequency.QUARTER
    window: Window = Window.PERIOD
    adds_up: AddsUp = AddsUp.SUM
    unit: str = ""
    decimals: int = 0
    per: int | None = None
    survey: bool = False
    reporting_sensitive: bool = False
    paired_with: str | None = None
    tolerance: Decimal | None = None
    breaks: tuple[Break, ...] = ()
    exceptional: tuple[Period, ...] = ()

    @property
    def word_unit(self) -> str:
        """The unit as it follows a number: "%", "£", "per 1,000 residents", "days"; nothing for a count."""
        if self.measure is Measure.PERCENTAGE:
            return "%"
        if self.measure is Measure.MONEY:
            return "£"
        if self.measure is Measure.RATE:
            return f"per {plain(Decimal(self.per or 1))} {self.unit}".strip()
        return self.unit if self.measure is Measure.MEAN else ""

    def words(self, value: Decimal) -> str:
        """Formats a value with the unit, rounded to the indicator's decimals."""
        if self.measure is Measure.COUNT:
            return plain(value, self.decimals)
        return number_words(value, self.word_unit, self.decimals)

    def exact_words(self, value: Decimal) -> str:
        """Formats a value with the unit and every decimal that it has."""
        return plain(value) if self.measure is Measure.COUNT else number_words(value, self.word_unit)

    @property
    def accumulates(self) -> bool:
        """Whether part-years add towards a year's total, so that a yearly target has to be profiled."""
        return self.adds_up is AddsUp.SUM and self.window is Window.PERIOD and not self.survey

    def break_between(self, first: int, last: int) -> Break | None:
        """The earliest break, not back-cast, between month `first` and month `last`."""
        for at in self.breaks:
            if first < at.period_start <= last and not at.backcast:
                return at
        return None

    def is_exceptional(self, first: int, last: int) -> bool:
        """Whether any month of the run lies in an exceptional period."""
        return any(first <= odd.last and odd.first <= last for odd in self.exceptional)


def check_tolerance(tolerance: Decimal | None) -> None:
    """Raises RuleBroken for one below zero."""
    if tolerance is not None and tolerance < 0:
        raise RuleBroken("tolerance", "negative", "Expected zero or more.")
