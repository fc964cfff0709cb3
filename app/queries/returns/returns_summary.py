"""Returns summed up: how many stand how, quarter by quarter, and which ask for somebody now."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from app.domain.period import Period
from app.domain.returns.return_status import URGENCY, ReturnState
from app.models.returns.returns_summary import QuarterTotalsOut, ReturnsSummaryOut, StateTotalOut
from app.queries.returns import return_words
from app.queries.returns.agency_return import Return


def summary(found: Sequence[Return], today: date) -> ReturnsSummaryOut:
    """Of returns in order, quarter by quarter."""
    newest = _newest_begun(found)
    attention = [each for each in found if each.status.state.needs_attention]
    attention.sort(key=lambda each: (URGENCY.index(each.status.state), each.order))
    to_check = [each for each in found if each.status.state is ReturnState.SUBMITTED]
    return ReturnsSummaryOut(
        states=_states(found),
        quarters=[
            totals(quarter, list(of_it)) for quarter, of_it in groupby(found, key=lambda each: each.quarter)
        ],
        newest=str(newest) if newest is not None else None,
        to_check=min(to_check, key=lambda each: each.order).id if to_check else None,
        attention=[return_words.return_out(each, today) for each in attention],
    )


def _newest_begun(found: Sequence[Return]) -> Period | None:
    begun = [each.quarter for each in found if each.status.state is not ReturnState.NOT_DUE]
    every = begun or [each.quarter for each in found]
    return max(every, key=lambda quarter: quarter.first, default=None)


def _states(found: Sequence[Return]) -> list[StateTotalOut]:
    many = Counter(each.status.state for each in found)
    return [
        StateTotalOut(
            state=state.value,
            label=state.label,
            tone=state.tone,
            waits_for=state.waits_for,
            returns=many[state],
        )
        for state in URGENCY
        if many[state]
    ]


def totals(quarter: Period, found: Sequence[Return]) -> QuarterTotalsOut:
    checked = [each for each in found if each.status.state is ReturnState.CHECKED]
    return QuarterTotalsOut(
        period=str(quarter),
        period_label=quarter.label,
        period_name=quarter.short_label,
        period_start=quarter.start.isoformat(),
        period_end=quarter.end.isoformat(),
        returns=len(found),
        expected=sum(each.status.counts.expected for each in found),
        received=sum(each.status.counts.received for each in found),
        checked=sum(each.status.counts.expected for each in checked),
    )
