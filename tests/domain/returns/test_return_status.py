"""What is owed for a quarter, when it is due, and how a return stands."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.plan.indicator import Frequency, Window
from app.domain.returns.owed_figure import OwedFigure, owed_periods
from app.domain.returns.return_event import Event, EventKind
from app.domain.returns.return_status import ReturnState, return_status

Q2, Q4 = parse_period("2017-18-Q2"), parse_period("2017-18-Q4")
DUE = date(2017, 10, 30)


@pytest.mark.parametrize(
    ("frequency", "window", "quarter", "periods"),
    [
        (Frequency.QUARTER, Window.PERIOD, Q2, ["2017-18-Q2"]),
        (Frequency.MONTH, Window.PERIOD, Q2, ["2017-07", "2017-08", "2017-09"]),
        (Frequency.YEAR, Window.PERIOD, Q2, []),
        (Frequency.YEAR, Window.PERIOD, Q4, ["2017-18"]),
        (Frequency.QUARTER, Window.ROLLING_YEAR, Q2, ["2016-10/2017-09"]),
        (Frequency.MONTH, Window.ROLLING_YEAR, Q2, ["2016-08/2017-07", "2016-09/2017-08", "2016-10/2017-09"]),
        (Frequency.YEAR, Window.ROLLING_YEAR, Q4, ["2017-18"]),
    ],
)
def test_a_quarter_asks_for_what_ends_in_it(
    frequency: Frequency, window: Window, quarter: Period, periods: list[str]
) -> None:
    assert [str(each) for each in owed_periods(frequency, window, quarter)] == periods


@pytest.mark.parametrize(
    ("lag", "available", "due"), [(0, "2017-10-01", "2017-10-30"), (45, "2017-11-15", "2017-12-14")]
)
def test_it_is_due_thirty_days_after_its_data_can_exist(lag: int, available: str, due: str) -> None:
    item = OwedFigure("x", Q2, lag)
    assert (item.available_on.isoformat(), item.due_on.isoformat()) == (available, due)


def at(month: int, day: int) -> datetime:
    return datetime(2017, month, day, 12, tzinfo=UTC)


def item(
    came: datetime | None = None, changed: datetime | None = None, code: str = "a", lag: int = 0
) -> OwedFigure:
    return OwedFigure(code, Q2, lag, came, changed or came)


PROMISED = OwedFigure("p", Q2, 0, promised_on=date(2017, 12, 5))
SENT, QUERIED, LATER = at(10, 20), at(10, 22), at(10, 25)
QUERY, CHECK = Event(EventKind.QUERY, QUERIED), Event(EventKind.CHECKED, QUERIED)
LATE = Event(EventKind.LATE, at(10, 28), date(2017, 12, 22))


@pytest.mark.parametrize(
    ("items", "events", "today", "state"),
    [
        ([item()], [], date(2017, 9, 30), ReturnState.NOT_DUE),
        ([item()], [], date(2017, 10, 1), ReturnState.DUE),
        ([item()], [], DUE, ReturnState.DUE),
        ([item()], [], DUE + timedelta(days=1), ReturnState.OVERDUE),
        ([item(SENT), item(code="b", lag=90)], [], date(2017, 11, 20), ReturnState.NOT_DUE),
        ([item(), item(SENT, code="b")], [], date(2017, 11, 20), ReturnState.OVERDUE),
        ([item()], [LATE], date(2017, 11, 20), ReturnState.LATE_REASON_GIVEN),
        ([item()], [LATE], date(2017, 12, 22), ReturnState.LATE_REASON_GIVEN),
        ([item()], [LATE], date(2017, 12, 23), ReturnState.OVERDUE),
        ([PROMISED], [], date(2017, 11, 20), ReturnState.LATE_REASON_GIVEN),
        ([PROMISED], [], date(2017, 12, 6), ReturnState.OVERDUE),
        ([PROMISED], [], DUE, ReturnState.DUE),
        ([PROMISED, item(code="b")], [], date(2017, 11, 20), ReturnState.OVERDUE),
        ([PROMISED, item(code="b", lag=90)], [], date(2017, 11, 20), ReturnState.LATE_REASON_GIVEN),
        ([item(SENT)], [LATE], date(2017, 11, 20), ReturnState.SUBMITTED),
        ([item(SENT)], [], date(2017, 11, 20), ReturnState.SUBMITTED),
        ([item(SENT)], [QUERY], DUE, ReturnState.QUERIED),
        ([item(SENT), item(code="b")], [QUERY], date(2017, 11, 20), ReturnState.QUERIED),
        ([item(SENT)], [QUERY, Event(EventKind.ANSWER, LATER)], DUE, ReturnState.SUBMITTED),
        ([item(SENT, changed=LATER)], [QUERY], DUE, ReturnState.SUBMITTED),
        ([item(SENT)], [QUERY, Event(EventKind.CHECKED, LATER)], DUE, ReturnState.CHECKED),
        ([item(SENT)], [CHECK], DUE, ReturnState.CHECKED),
        ([item(SENT, changed=LATER)], [CHECK], DUE, ReturnState.SUBMITTED),
        ([item(SENT)], [CHECK, Event(EventKind.QUERY, LATER)], DUE, ReturnState.QUERIED),
        (
            [item(SENT)],
            [CHECK, Event(EventKind.QUERY, LATER), Event(EventKind.ANSWER, at(10, 26))],
            DUE,
            ReturnState.SUBMITTED,
        ),
        ([item(SENT), item(code="new")], [CHECK], DUE, ReturnState.DUE),
    ],
)
def test_how_it_stands(items: list[OwedFigure], events: list[Event], today: date, state: ReturnState) -> None:
    assert return_status(items, events, today).state is state


def test_what_is_counted() -> None:
    """In time, after its day, and not there though its day is past: the last two are late."""
    items = [item(SENT), item(at(11, 5), code="b"), item(code="c"), item(code="d", lag=90)]
    found = return_status(items, [LATE], date(2017, 11, 20))
    assert (found.counts.expected, found.counts.received) == (4, 2)
    assert (found.counts.on_time, found.counts.late) == (1, 2)
    assert (found.next_due_on, found.due_on) == (DUE, date(2018, 1, 28))
    assert found.promised_on == date(2017, 12, 22)
