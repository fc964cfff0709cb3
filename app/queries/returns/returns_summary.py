"""Summarises returns: counts by state and quarter, and the returns that need attention."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from app.domain.period import Period
from app.domain.returns.return_status import URGENCY, ReturnState
from app.models.returns.returns_summary import QuarterTotalsOut, ReturnsSummaryOut, StateTotalOut
from app.queries.returns import return_words
from app.queries.returns.agency_return import Return


def summary(returns: Sequence[Return], today: date) -> ReturnsSummaryOut:
    """Summary of returns; they are in order of quarter."""
    newest = _newest_begun(returns)
    attention = [each for each in returns if each.status.needs_attention]
    attention.sort(key=lambda each: (URGENCY.index(each.status.state), each.order))
    to_check = [each for each in returns if each.status.state is ReturnState.SUBMITTED]
    return ReturnsSummaryOut(
        states=_states(returns),
        overdue=sum(each.status.is_overdue for each in returns),
        quarters=[
            totals(quarter, list(own_returns))
            for quarter, own_returns in groupby(returns, key=lambda each: each.quarter)
        ],
        newest=str(newest) if newest is not None else None,
        to_check=min(to_check, key=lambda each: each.order).id if to_check else None,
        attention=[return_words.return_out(each, today) for each in attention],
    )


def _newest_begun(returns: Sequence[Return]) -> Period | None:
    """Newest quarter with a return past "not due"; without one, the newest of all."""
    begun = [each.quarter for each in returns if each.status.state is not ReturnState.NOT_DUE]
    every = begun or [each.quarter for each in returns]
    return max(every, key=lambda quarter: quarter.first, default=None)


def _states(returns: Sequence[Return]) -> list[StateTotalOut]:
    counts = Counter(each.status.state for each in returns)
    return [
        StateTotalOut(
            state=state.value,
            label=state.label,
            tone=state.tone,
            waits_for=state.waits_for,
            returns=counts[state],
        )
        for state in URGENCY
        if counts[state]
    ]


def totals(quarter: Period, returns: Sequence[Return]) -> QuarterTotalsOut:
    return QuarterTotalsOut(
        period=str(quarter),
        period_label=quarter.label,
        period_name=quarter.short_label,
        period_start=quarter.start.isoformat(),
        period_end=quarter.end.isoformat(),
        returns=len(returns),
        expected=sum(each.status.counts.expected for each in returns),
        received=sum(each.status.counts.received for each in returns),
        checked=sum(each.status.counts.checked for each in returns),
    )
