"""Rules for the document's figures that need nothing but the document."""

from collections.abc import Iterator

from app.document.kit.names import PathProblem
from app.document.load.history import History
from app.document.shape import IndicatorEntry
from app.domain.figures.validity import findings
from app.domain.plan.indicator import Indicator, Measure


def judged_as(entry: IndicatorEntry) -> Indicator:
    """Converts an entry to the indicator that figures, baseline and target are judged with."""
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


def broken_rules(history: History) -> Iterator[PathProblem]:
    """Yields problems with a figure's history: a missing reason, or days out of order."""
    for before, after in zip(history.states, history.states[1:], strict=False):
        if not after.reason:
            yield history.path, "reason_needed", "Say why it changed: give a reason beside the newer value."
        if before.recorded_on and after.recorded_on and after.recorded_on < before.recorded_on:
            message = f"Recorded on {after.recorded_on}, before what it replaced ({before.recorded_on})."
            yield history.path, "recorded_out_of_order", message


def invalid(history: History, indicator: Indicator) -> Iterator[PathProblem]:
    """Yields the findings about each state of a figure by itself."""
    for state in history.states:
        for finding in findings(state, indicator):
            yield history.path, finding.code, f"{finding.field}: {finding.message}"
