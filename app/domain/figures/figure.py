"""One value of one indicator for one measured period, or the reason there is none."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NamedTuple

from app.domain.day import day_words
from app.domain.errors import RuleBroken
from app.domain.figures.release import HiddenReason
from app.domain.number import six_places
from app.domain.period import Period
from app.domain.plan.indicator import Indicator, Measure


class FigureStatus(StrEnum):
    PROVISIONAL = "provisional"
    FINAL = "final"
    ESTIMATED = "estimated"
    FORECAST = "forecast"


class Qualifier(StrEnum):
    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"
    UNDER = "under"


class Missing(StrEnum):
    NOT_AVAILABLE = "not_available"
    CONFIDENTIAL = "confidential"
    NOT_APPLICABLE = "not_applicable"
    NOT_COLLECTED = "not_collected"
    AWAITED = "awaited"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")


class Figure(NamedTuple):
    """A figure of an indicator, or the reason there is none.

    `sample_size` is the effective one, after any design effect. `margin` is in the value's own unit (points for a
    percentage), at `margin_level` per cent confidence, for one wave of a survey or for the difference between two.
    Without a value, `missing` gives the reason; `withheld` does where the viewer may not see the value.
    """

    period: Period
    value: Decimal | None
    status: FigureStatus = FigureStatus.PROVISIONAL
    qualifier: Qualifier = Qualifier.EXACT
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    sample_size: int | None = None
    margin: Decimal | None = None
    margin_level: Decimal | None = None
    margin_of: Literal["wave", "difference"] | None = None
    missing: Missing | None = None
    expected_on: date | None = None
    withheld: HiddenReason | None = None

    def without_value(self, why: HiddenReason) -> "Figure":
        """The same figure without its value, for viewers from whom it is hidden."""
        return Figure(self.period, None, self.status, missing=Missing.CONFIDENTIAL, withheld=why)


_MISSING_MARKS = {
    Missing.CONFIDENTIAL: "[c]",
    Missing.NOT_APPLICABLE: "[z]",
    Missing.NOT_AVAILABLE: "[x]",
    Missing.NOT_COLLECTED: "[x]",
    Missing.AWAITED: "[x]",
}
_STATUS_MARKS = {
    FigureStatus.PROVISIONAL: "[p]",
    FigureStatus.ESTIMATED: "[e]",
    FigureStatus.FORECAST: "[f]",
    FigureStatus.FINAL: "",
}


def mark(
    figure: Figure, *, revised: bool = False, after_break: bool = False, unreliable: bool = False
) -> str:
    """Shorthand marks of the Government Analysis Function, "[p] [r]"; empty for a final figure as first sent."""
    if figure.value is None:
        return _MISSING_MARKS[figure.missing or Missing.NOT_AVAILABLE]
    marks = (
        _STATUS_MARKS[figure.status],
        "[r]" if revised else "",
        "[b]" if after_break else "",
        "[u]" if unreliable else "",
    )
    return " ".join(m for m in marks if m)


def figure_words(figure: Figure, indicator: Indicator) -> str:
    """Formats a figure: "about 40", "over 250", "43.3%"; without a value, the reason and the promised day."""
    if figure.value is not None:
        number = indicator.words(figure.value)
        return number if figure.qualifier is Qualifier.EXACT else f"{figure.qualifier.value} {number}"
    if figure.withheld is not None:
        return figure.withheld.words
    reason = (figure.missing or Missing.NOT_AVAILABLE).words
    if figure.expected_on is None:
        return reason
    return f"{reason}, promised for {day_words(figure.expected_on)}"


def ratio_value(numerator: Decimal, denominator: Decimal, indicator: Indicator) -> Decimal:
    """Divides numerator by denominator: per cent for a percentage, per `per` for a rate, the quotient for a mean.

    Rounded to 6 decimals. RuleBroken for a denominator that is not above zero, or a measure that has none.
    """
    if indicator.measure is Measure.PERCENTAGE:
        scale = Decimal(100)
    elif indicator.measure is Measure.RATE:
        scale = Decimal(indicator.per or 1)
    elif indicator.measure is Measure.MEAN:
        scale = Decimal(1)
    else:
        raise RuleBroken(
            "numerator",
            "not_a_ratio",
            f"{indicator.measure.with_article.capitalize()} is not a ratio: send its value alone.",
        )
    if denominator <= 0:
        raise RuleBroken(
            "denominator",
            "zero_denominator",
            "The denominator must be above zero; with none, send a missing reason.",
        )
    return six_places(numerator * scale / denominator)
