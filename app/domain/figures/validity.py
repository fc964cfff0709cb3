"""Checks one figure by itself, the same for every way in, from a form to the plan document.

Checks against other figures are elsewhere, and run on figures that pass these.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol

from app.domain.errors import RuleBroken
from app.domain.figures.figure import ratio_value
from app.domain.figures.row_doubt import Agreement, agreement
from app.domain.number import plain
from app.domain.period import Period
from app.domain.plan.indicator import Indicator, Measure

MAY_BE_NEGATIVE = frozenset({Measure.MONEY, Measure.INDEX, Measure.MEAN})


class Finding(NamedTuple):
    """An error in a figure: the field, a code for programs, and a message for people."""

    field: str
    code: str
    message: str


class FigureFields(Protocol):
    """The fields of a figure that are checked."""

    @property
    def value(self) -> Decimal | None: ...
    @property
    def numerator(self) -> Decimal | None: ...
    @property
    def denominator(self) -> Decimal | None: ...
    @property
    def margin(self) -> Decimal | None: ...
    @property
    def margin_level(self) -> Decimal | None: ...
    @property
    def status(self) -> str: ...
    @property
    def missing(self) -> str | None: ...
    @property
    def expected_on(self) -> date | None: ...


def value_of(figure: FigureFields, indicator: Indicator) -> Decimal | None:
    """The figure's value, else the ratio of its numerator and denominator where they have one."""
    if figure.value is not None or figure.numerator is None or figure.denominator is None:
        return figure.value
    try:
        return ratio_value(figure.numerator, figure.denominator, indicator)
    except RuleBroken:
        return None


def findings(figure: FigureFields, indicator: Indicator) -> Iterator[Finding]:
    """Yields every error in a figure by itself."""
    yield from _margin(figure, indicator)
    if figure.missing is not None:
        yield from _without_value(figure)
        return
    if figure.expected_on is not None:
        yield Finding("expected_on", "not_awaited", "A promised date goes with missing “awaited” only.")
    in_parts = list(_parts(figure, indicator))
    yield from in_parts
    value = value_of(figure, indicator)
    if value is not None:
        yield from _range(value, indicator)
    elif not in_parts:
        text = "Send a value, or a numerator and denominator, or a missing reason. A blank is not a zero."
        yield Finding("value", "value_required", text)


def too_early(period: Period, figure: FigureFields, today: date) -> Finding | None:
    """Error where the period has not ended, unless the figure is a forecast, or missing and awaited."""
    if period.has_ended(today) or _may_precede_end(figure):
        return None
    not_ended = f"{period.label} has not ended yet."
    if figure.missing is None:
        text = f"{not_ended} Send it when it has, or send status “forecast”."
        return Finding("period", "period_not_ended", text)
    text = f"{not_ended} Until it has, a figure can only be “awaited”, with the date it is promised for."
    return Finding("missing", "period_not_ended", text)


def _may_precede_end(figure: FigureFields) -> bool:
    return figure.status == "forecast" if figure.missing is None else figure.missing == "awaited"


def _margin(figure: FigureFields, indicator: Indicator) -> Iterator[Finding]:
    if figure.margin is not None and figure.margin < 0:
        yield Finding("margin", "negative", "Expected zero or more.")
    if figure.margin is not None and figure.margin > 100 and indicator.measure is Measure.PERCENTAGE:
        yield Finding("margin", "over_100_percent", "This is in points: expected 0 to 100, such as 2.5.")
    if figure.margin_level is not None and not 1 <= figure.margin_level < 100:
        yield Finding("margin_level", "not_a_level", "Expected a level in per cent, such as 95.")


def _without_value(figure: FigureFields) -> Iterator[Finding]:
    if figure.value is not None or figure.numerator is not None or figure.denominator is not None:
        yield Finding("missing", "value_and_missing", "Send a value or a missing reason, not both.")
    if figure.missing == "awaited" and figure.expected_on is None:
        yield Finding("expected_on", "date_required", "Say when the awaited figure is promised for.")
    if figure.missing != "awaited" and figure.expected_on is not None:
        yield Finding("expected_on", "not_awaited", "A promised date goes with missing “awaited” only.")


def _parts(figure: FigureFields, indicator: Indicator) -> Iterator[Finding]:
    """Checks numerator and denominator, by themselves and against the value."""
    numerator, denominator = figure.numerator, figure.denominator
    if (numerator is None) != (denominator is None):
        wanting = "denominator" if denominator is None else "numerator"
        yield Finding(wanting, "part_required", "A numerator and a denominator go together.")
    if numerator is None or denominator is None:
        return
    if numerator < 0:
        yield Finding("numerator", "negative", "Expected zero or more.")
    if indicator.measure is Measure.PERCENTAGE and numerator > denominator:
        yield Finding("numerator", "part_exceeds_whole", "The numerator is larger than the denominator.")
    try:
        ratio = ratio_value(numerator, denominator, indicator)
    except RuleBroken as error:
        yield Finding(error.field or "numerator", error.code, error.message)
        return
    if figure.value is not None and agreement(figure.value, ratio, indicator) is Agreement.DIFFERS:
        text = f"The numerator and denominator make {plain(ratio)}, not {plain(figure.value)}."
        yield Finding("value", "parts_disagree", text)


def _range(value: Decimal, indicator: Indicator) -> Iterator[Finding]:
    measure = indicator.measure
    if measure is Measure.COUNT and value != value.to_integral_value():
        yield Finding("value", "not_whole", f"This counts things: expected a whole number, got {value}.")
    if value < 0 and measure not in MAY_BE_NEGATIVE:
        yield Finding("value", "negative", "Expected zero or more.")
    if measure is Measure.PERCENTAGE and value > 100:
        text = "This is a percentage: expected 0 to 100, such as 43.3 for 43.3%."
        yield Finding("value", "over_100_percent", text)
    if measure is Measure.MONEY and value != round(value, 2):
        yield Finding("value", "not_pence", "This is money in pounds: give at most 2 decimals.")
