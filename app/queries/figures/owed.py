"""Finds the figure that a scorecard misses: one that could exist by a day and does not."""

from datetime import date

from app.domain.figures import figure as figures
from app.domain.figures.owed import newest_due
from app.domain.period import Period
from app.domain.plan.indicator import Indicator as Measured
from app.models.plan.definition import Definition
from app.models.plan.indicator import OwedOut

NOTHING_SENT = "nothing sent"


def due_period(defined: Definition, measured: Measured, until: Period | None, on: date) -> Period | None:
    """Period of the newest figure that could exist on a day; None for a retired indicator.

    `until` limits it to figures that end no later than a period.
    """
    if defined.retired_on is not None and defined.retired_on <= on:
        return None
    due = newest_due(measured.frequency, measured.window, defined.publication_lag_days, on)
    if until is not None and due.last > until.last:
        return newest_due(measured.frequency, measured.window, 0, until.next().start)
    return due


def owed_out(
    due: Period, measured: Measured, latest: figures.Figure | None, waiting: figures.Figure | None
) -> OwedOut | None:
    """The figure owed for a due period; None if it is there.

    `latest` is the newest figure with a value, `waiting` the newest without one, which says why. A confidential
    figure is there, though it is not shown.
    """
    if latest is not None and latest.period.last >= due.last:
        return None
    gap = waiting if waiting is not None and waiting.period.last >= due.last else None
    if gap is not None and gap.missing is figures.Missing.CONFIDENTIAL:
        return None
    period = gap.period if gap is not None else due
    return OwedOut(
        period=str(period),
        period_label=period.label,
        words=figures.figure_words(gap, measured) if gap is not None else NOTHING_SENT,
        missing=gap.missing.value if gap is not None and gap.missing is not None else None,
        expected_on=gap.expected_on.isoformat() if gap is not None and gap.expected_on else None,
    )
