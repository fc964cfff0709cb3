"""What a scorecard has to say of the figures that are not there."""

from datetime import date

from app.domain.figures import figure as figures
from app.domain.figures.owed import newest_due
from app.domain.period import Period
from app.domain.plan.indicator import Indicator as Measured
from app.models.plan.definition import Definition
from app.models.plan.indicator import OwedOut

NOTHING_SENT = "nothing sent"


def owed(
    defined: Definition,
    measured: Measured,
    latest: figures.Figure | None,
    waiting: figures.Figure | None,
    until: Period | None,
    on: date,
) -> OwedOut | None:
    """The newest figure that could exist on a day and does not; `until` looks no later than a period's end.

    `waiting` is the newest figure without a value, which says why; a confidential one is there, though not shown.
    """
    if defined.retired_on is not None and defined.retired_on <= on:
        return None
    due = newest_due(measured.frequency, measured.window, defined.publication_lag_days, on)
    if until is not None and due.last > until.last:
        due = newest_due(measured.frequency, measured.window, 0, until.next().start)
    if latest is not None and latest.period.last >= due.last:
        return None
    said = waiting if waiting is not None and waiting.period.last >= due.last else None
    if said is not None and said.missing is figures.Missing.CONFIDENTIAL:
        return None
    period = said.period if said is not None else due
    return OwedOut(
        period=str(period),
        period_label=period.label,
        words=figures.words(said, measured) if said is not None else NOTHING_SENT,
        missing=said.missing.value if said is not None and said.missing is not None else None,
        expected_on=said.expected_on.isoformat() if said is not None and said.expected_on else None,
    )
