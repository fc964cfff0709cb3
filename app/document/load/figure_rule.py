"""What the document's figures must keep to, as far as the document alone can tell."""

from collections.abc import Iterator

from app.document.kit.tree import Path
from app.document.load.history import History
from app.document.shape import IndicatorEntry
from app.domain.figures.validity import findings
from app.domain.plan.indicator import Indicator, Measure

Found = tuple[Path, str, str]


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


def broken_rules(history: History) -> Iterator[Found]:
    """What is wrong with how a figure came to be what it is."""
    for before, after in zip(history.states, history.states[1:], strict=False):
        if not after.reason:
            yield history.path, "reason_needed", "Say why it changed: give a reason beside the newer value."
        if before.recorded_on and after.recorded_on and after.recorded_on < before.recorded_on:
            message = f"Recorded on {after.recorded_on}, before what it replaced ({before.recorded_on})."
            yield history.path, "recorded_out_of_order", message


def invalid(history: History, indicator: Indicator) -> Iterator[Found]:
    """What is wrong with a figure by itself, whether or not it is stored."""
    for state in history.states:
        for finding in findings(state, indicator):
            yield history.path, finding.code, f"{finding.field}: {finding.message}"
