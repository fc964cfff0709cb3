"""Queries about a return, beside its timing: each open, answered or ended, and what it leaves to check."""

from datetime import UTC, date, datetime

import pytest

from app.domain.period_text import parse_period
from app.domain.returns.owed_figure import OwedFigure
from app.domain.returns.return_event import Event, EventKind
from app.domain.returns.return_query import QueryState, query_statuses
from app.domain.returns.return_status import ReturnState, Timing, return_status

Q2 = parse_period("2017-18-Q2")
DUE, LATER_DUE = date(2017, 10, 30), date(2017, 12, 14)


def at(day: int) -> datetime:
    """A day in October 2017."""
    return datetime(2017, 10, day, 12, tzinfo=UTC)


def figure(code: str, sent: int | None = 10, changed: int | None = None, lag: int = 0) -> OwedFigure:
    received_at = at(sent) if sent is not None else None
    changed_at = at(changed) if changed is not None else received_at
    return OwedFigure(code, Q2, lag, received_at, changed_at)


def event(kind: EventKind, day: int, *codes: str) -> Event:
    return Event(kind, at(day), None, codes, id=day)


HATE = event(EventKind.QUERY, 12, "hate")
WHOLE = event(EventKind.QUERY, 12)
BOTH = event(EventKind.QUERY, 12, "hate", "asb")
ANSWER, END, CHECKED = EventKind.ANSWER, EventKind.QUERY_ENDED, EventKind.CHECKED


@pytest.mark.parametrize(
    ("figures", "events", "answered", "ended"),
    [
        ([figure("hate"), figure("asb")], [HATE], None, None),
        ([figure("hate"), figure("asb", changed=14)], [HATE], None, None),
        ([figure("hate"), figure("asb", sent=14)], [HATE], None, None),
        ([figure("hate", changed=14), figure("asb")], [HATE], None, 14),
        ([figure("hate", changed=11), figure("asb")], [HATE], None, None),
        ([figure("hate", changed=14), figure("asb")], [BOTH], None, None),
        ([figure("hate", changed=14), figure("asb", changed=16)], [BOTH], None, 16),
        ([figure("hate"), figure("asb", changed=14)], [WHOLE], None, 14),
        ([figure("hate"), figure("asb")], [HATE, event(ANSWER, 13)], 13, None),
        ([figure("hate"), figure("asb")], [HATE, event(ANSWER, 13, "hate")], 13, None),
        ([figure("hate"), figure("asb")], [HATE, event(ANSWER, 13, "asb")], None, None),
        ([figure("hate"), figure("asb")], [event(ANSWER, 11), HATE], None, None),
        ([figure("hate"), figure("asb")], [HATE, event(ANSWER, 13), event(END, 15)], 13, 15),
        ([figure("hate"), figure("asb")], [HATE, event(END, 15, "hate")], None, 15),
        ([figure("hate"), figure("asb")], [HATE, event(END, 15, "asb")], None, None),
        ([figure("hate"), figure("asb")], [BOTH, event(END, 15, "asb")], None, None),
        ([figure("hate"), figure("asb")], [WHOLE, event(CHECKED, 16)], None, 16),
    ],
)
def test_a_query_ends_by_its_own_figures_or_by_staff(
    figures: list[OwedFigure], events: list[Event], answered: int | None, ended: int | None
) -> None:
    (query,) = query_statuses(figures, events)
    assert query.answered_at == (at(answered) if answered is not None else None)
    assert query.ended_at == (at(ended) if ended is not None else None)


def test_each_of_several_goes_its_own_way() -> None:
    asb = event(EventKind.QUERY, 14, "asb")
    first, second = query_statuses(
        [figure("hate", changed=15), figure("asb")], [HATE, asb, event(ANSWER, 16, "asb")]
    )
    assert (first.event_id, first.state, first.ended_at) == (12, QueryState.ENDED, at(15))
    assert (second.event_id, second.state) == (14, QueryState.ANSWERED)


def test_a_query_about_a_whole_return_names_all_of_it() -> None:
    (query,) = query_statuses([figure("hate"), figure("hate"), figure("asb")], [WHOLE])
    assert query.indicators == ("hate", "asb")


@pytest.mark.parametrize(
    ("figures", "events", "today", "state", "timing"),
    [
        ([figure("hate"), figure("asb", None)], [HATE], date(2017, 11, 20), "queried", Timing.OVERDUE),
        ([figure("hate"), figure("asb", None)], [HATE], date(2017, 10, 20), "queried", Timing.DUE),
        (
            [figure("hate"), figure("asb", None)],
            [HATE, event(ANSWER, 13)],
            date(2017, 11, 20),
            "overdue",
            Timing.OVERDUE,
        ),
        (
            [figure("hate"), figure("asb")],
            [HATE, event(ANSWER, 13)],
            date(2017, 11, 20),
            "submitted",
            Timing.COMPLETE,
        ),
        (
            [figure("hate"), figure("asb")],
            [HATE, event(ANSWER, 13), event(CHECKED, 14)],
            date(2017, 11, 20),
            "checked",
            Timing.COMPLETE,
        ),
    ],
)
def test_queried_does_not_hide_overdue(
    figures: list[OwedFigure], events: list[Event], today: date, state: str, timing: Timing
) -> None:
    status = return_status(figures, events, today)
    assert (status.state.value, status.timing) == (state, timing)
    assert status.needs_attention == (state == "queried" or timing is Timing.OVERDUE)


def test_due_days_do_not_move() -> None:
    early, late = figure("hate", None), figure("asb", None, lag=45)
    days = [
        (status.due_on, status.next_due_on)
        for figures in ([early, late], [figure("hate"), late], [figure("hate"), figure("asb", lag=45)])
        for status in [return_status(figures, [], DUE)]
    ]
    assert days == [(LATER_DUE, DUE), (LATER_DUE, LATER_DUE), (LATER_DUE, None)]


@pytest.mark.parametrize(
    ("figures", "events", "checked", "state"),
    [
        ([figure("hate"), figure("asb")], [event(CHECKED, 14)], ["hate", "asb"], ReturnState.CHECKED),
        (
            [figure("hate", changed=15), figure("asb")],
            [event(CHECKED, 14)],
            ["asb"],
            ReturnState.SUBMITTED,
        ),
        (
            [figure("hate"), figure("asb")],
            [event(CHECKED, 11), HATE],
            ["asb"],
            ReturnState.QUERIED,
        ),
        (
            [figure("hate"), figure("asb")],
            [event(CHECKED, 11), HATE, event(ANSWER, 13)],
            ["asb"],
            ReturnState.SUBMITTED,
        ),
        (
            [figure("hate"), figure("asb")],
            [event(CHECKED, 11), HATE, event(ANSWER, 13), event(END, 15)],
            ["hate", "asb"],
            ReturnState.CHECKED,
        ),
        (
            [figure("hate", changed=15), figure("asb")],
            [event(CHECKED, 14), event(CHECKED, 16)],
            ["hate", "asb"],
            ReturnState.CHECKED,
        ),
        ([figure("hate", None), figure("asb")], [event(CHECKED, 14)], ["asb"], ReturnState.DUE),
    ],
)
def test_a_correction_unchecks_only_itself(
    figures: list[OwedFigure], events: list[Event], checked: list[str], state: ReturnState
) -> None:
    status = return_status(figures, events, date(2017, 10, 20))
    assert [each.indicator for each in status.checked] == checked
    assert (status.counts.checked, status.state) == (len(checked), state)
