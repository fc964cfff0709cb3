"""What the document's figures must keep to, as far as the document alone can tell."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from app.commands.figures.check import PARTS_AGREE_WITHIN
from app.document.load.history import History, Path, State
from app.document.shape import IndicatorEntry
from app.domain.errors import RuleBroken
from app.domain.figures.figure import ratio_value
from app.domain.plan.indicator import Indicator, Measure

Found = tuple[Path, str, str]
WITHOUT_NEGATIVES = {Measure.COUNT, Measure.RATE, Measure.PERCENTAGE}


def judged_as(entry: IndicatorEntry) -> Indicator:
    """The part of an indicator that deciding about its figures, baseline and target needs."""
    return Indicator(
        measure=entry.measure,
        polarity=entry.polarity,
        frequency=entry.frequency,
        window=entry.window,
        adds_up=entry.adds_up,
        unit=(entry.denominator if entry.measure is Measure.RATE else entry.unit) or "",
        decimals=entry.decimals,
        per=entry.per,
        survey=entry.survey,
        reporting_sensitive=entry.reporting_sensitive,
    )


def broken_rules(history: History, indicator: Indicator) -> Iterator[Found]:
    for state in history.states:
        for code, message in _broken(state, indicator):
            yield history.path, code, message
    for before, after in zip(history.states, history.states[1:], strict=False):
        if not after.reason:
            yield history.path, "reason_needed", "Say why it changed: give a reason beside the newer value."
        if before.recorded_on and after.recorded_on and after.recorded_on < before.recorded_on:
            message = f"Recorded on {after.recorded_on}, before what it replaced ({before.recorded_on})."
            yield history.path, "recorded_out_of_order", message


def value_of(state: State, indicator: Indicator) -> Decimal | None:
    """The value given, or the one its numerator and denominator make."""
    if state.value is None and state.numerator is not None and state.denominator is not None:
        return ratio_value(state.numerator, state.denominator, indicator)
    return state.value


def _broken(state: State, indicator: Indicator) -> Iterator[tuple[str, str]]:
    pair = [state.numerator, state.denominator]
    if (pair[0] is None) != (pair[1] is None):
        yield "part_required", "A numerator and a denominator go together."
        return
    has_value = state.value is not None or pair[0] is not None
    if has_value == (state.missing is not None):
        yield (
            "value_required",
            "Expected one of: value, numerator and denominator, missing.",
        )
        return
    if state.expected_on and state.missing != "awaited":
        yield "not_awaited", "expected_on goes with missing: awaited."
    if state.missing == "awaited" and state.expected_on is None:
        yield "date_required", "Say when the awaited figure is promised for: expected_on."
    if has_value:
        yield from _broken_value(state, indicator)


def _broken_value(state: State, indicator: Indicator) -> Iterator[tuple[str, str]]:
    try:
        value = value_of(state, indicator)
        made = value_of(replace(state, value=None), indicator) if state.numerator is not None else value
    except RuleBroken as error:
        yield error.code, error.message
        return
    if value is None or made is None:
        return
    if indicator.measure is Measure.COUNT and value != value.to_integral_value():
        yield "not_whole", "A count is a whole number."
    if value < 0 and indicator.measure in WITHOUT_NEGATIVES:
        yield "negative", f"{indicator.measure.one.capitalize()} is not below zero."
    if indicator.measure is Measure.PERCENTAGE and value > 100:
        yield "over_100_percent", "A percentage is 0 to 100, such as 43.3 for 43.3%."
    if abs(made - value) > PARTS_AGREE_WITHIN:
        yield "parts_disagree", f"The numerator and denominator make {made}, not {value}."
