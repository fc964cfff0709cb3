"""Which reminder is due on which day, and what it says."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.period_text import parse_period
from app.domain.returns.reminder import Reminder, ReminderKind, is_awaited, reminder_due
from app.domain.returns.reminder_words import Matter, Owed, nobody_to_remind, query, reminder
from app.domain.returns.return_status import Counts, ReturnState, ReturnStatus
from tests.domain.returns.timing import TIMINGS

DUE = date(2017, 10, 30)
ABOUT = Matter("Town CSP", "Town Police", parse_period("2017-18-Q2"), DUE, "https://sp.example/returns/1")


def status(state: ReturnState) -> ReturnStatus:
    return ReturnStatus(state, TIMINGS[state], DUE, DUE, Counts(3, 1, 1, 0), None)


def on(day: date) -> tuple[str, str] | None:
    """The reminder of a return as it would stand, unsent, on a day."""
    found = reminder_due(status(ReturnState.OVERDUE if day > DUE else ReturnState.DUE), day)
    return (found.kind.value, found.day.isoformat()) if found is not None else None


@pytest.mark.parametrize(
    ("today", "kind", "stands_for"),
    [
        ("2017-10-23", "reminder_before", "2017-10-23"),
        ("2017-10-24", "reminder_before", "2017-10-23"),
        ("2017-10-29", "reminder_before", "2017-10-23"),
        ("2017-10-30", "reminder_due", "2017-10-30"),
        ("2017-11-05", "reminder_due", "2017-10-30"),
        ("2017-11-06", "reminder_overdue", "2017-11-06"),
        ("2017-11-12", "reminder_overdue", "2017-11-06"),
        ("2017-11-13", "reminder_overdue", "2017-11-13"),
        ("2018-10-29", "reminder_overdue", "2018-10-29"),
    ],
)
def test_the_newest_whose_day_has_come(today: str, kind: str, stands_for: str) -> None:
    assert on(date.fromisoformat(today)) == (kind, stands_for)


def test_none_earlier_than_a_week_before() -> None:
    assert on(date(2017, 10, 22)) is None
    assert on(date(2017, 10, 1)) is None


def test_run_every_day_each_comes_once_and_a_week_apart() -> None:
    days = [DUE + timedelta(days=number) for number in range(-30, 50)]
    sent = list(dict.fromkeys(found for day in days if (found := on(day)) is not None))
    assert [date.fromisoformat(stands_for) for _, stands_for in sent] == [
        DUE + timedelta(days=7 * week) for week in range(-1, 8)
    ]
    assert [kind for kind, _ in sent] == ["reminder_before", "reminder_due"] + 7 * ["reminder_overdue"]


@pytest.mark.parametrize("state", sorted(set(ReturnState) - {ReturnState.DUE, ReturnState.OVERDUE}))
def test_none_once_it_is_in_or_a_reason_was_given(state: ReturnState) -> None:
    assert not is_awaited(status(state))
    for days in (-7, 0, 7):
        assert reminder_due(status(state), DUE + timedelta(days=days)) is None


def test_a_missed_one_is_sent_once_and_the_others_not_at_all() -> None:
    back = reminder_due(status(ReturnState.OVERDUE), DUE + timedelta(days=24))
    assert back == Reminder(ReminderKind.OVERDUE, DUE + timedelta(days=21))


MONTHS = [parse_period(text) for text in ("2017-07", "2017-08", "2017-09")]
EVERYTHING = "https://sp.example/returns"
OWED = [
    Owed("Repeat victims", [parse_period("2016-10/2017-09")], DUE),
    Owed("Incidents", MONTHS, DUE),
    Owed("Treatment", MONTHS[1:], date(2017, 12, 14)),
]


def test_a_reminder_says_what_by_when_where_and_what_instead() -> None:
    said = reminder(ABOUT, OWED, (), EVERYTHING, DUE)
    assert said.subject == "Figures for Q2 2017/18 are due on 30 October 2017"
    assert said.body.split("\n\n") == [
        "Town CSP is waiting for figures from Town Police for Q2 2017/18 (July to September 2017). "
        "They are due on 30 October 2017.",
        "Still to come:",
        "- Repeat victims: 12 months to September 2017\n"
        "- Incidents: July 2017, August 2017 and September 2017\n"
        "- Treatment: August 2017 and September 2017 (due on 14 December 2017)",
        "Send them by form or spreadsheet here:",
        "https://sp.example/returns/1",
        "If you cannot send some yet, give the reason and the day they will come on the page of their return. "
        "These reminders then stop.\n",
    ]


def test_what_is_owed_for_older_quarters_is_named_too() -> None:
    older = [replace(ABOUT, quarter=parse_period(text), due_on=date(2017, 1, 30)) for text in ("2016-17-Q3",)]
    said = reminder(ABOUT, OWED, older, EVERYTHING, DUE)
    assert said.subject == reminder(ABOUT, OWED, (), EVERYTHING, DUE).subject
    assert said.body.split("\n\n")[5:9] == [
        "Figures for other quarters are still to come as well:",
        "- Q3 2016/17, which were due on 30 January 2017",
        "All of them are listed here:",
        EVERYTHING,
    ]


def test_a_day_late_they_were_due() -> None:
    said = reminder(ABOUT, OWED, (), EVERYTHING, DUE + timedelta(days=1))
    assert said.subject == "Figures for Q2 2017/18 were due on 30 October 2017"
    assert "They were due on 30 October 2017." in said.body


def test_officers_are_told_whom_to_invite() -> None:
    said = nobody_to_remind(ABOUT, "https://sp.example/people", DUE)
    assert said.subject == "Nobody at Town Police can be reminded"
    assert "https://sp.example/people" in said.body
    assert ABOUT.address in said.body


def test_a_query_names_what_it_is_about() -> None:
    assert "- Incidents\n- Treatment" in query(ABOUT, ["Incidents", "Treatment"]).body
    assert "The question is about" not in query(ABOUT, []).body
