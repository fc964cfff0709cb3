"""How often a group meets: rules as they are written, and the days that follow."""

from datetime import date

import pytest

from app.domain.errors import RuleBroken
from app.domain.groups.cycle import days_due, parse_cycle


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("every 6 weeks", "every 6 weeks"),
        ("Every  6 Weeks", "every 6 weeks"),
        ("weekly", "every week"),
        ("fortnightly", "every 2 weeks"),
        ("monthly", "every month"),
        ("every month", "every month"),
        ("every 1 month", "every month"),
        ("quarterly", "every 3 months"),
        ("twice a year", "every 6 months"),
        ("yearly", "every 12 months"),
        ("every 52 weeks", "every 52 weeks"),
    ],
)
def test_a_rule_is_read_and_written(text: str, words: str) -> None:
    assert parse_cycle(text).rule_text == words
    assert parse_cycle(words).rule_text == words


@pytest.mark.parametrize(
    "text",
    ["", "when required", "6 weeks", "every 0 weeks", "every 6 days", "every 53 weeks", "every 25 months"],
)
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        parse_cycle(text)
    assert (caught.value.field, caught.value.code) == ("cycle_rule", "bad_cycle")
    assert "every" in caught.value.message


@pytest.mark.parametrize(
    ("rule", "last", "until", "days"),
    [
        (
            "every 6 weeks",
            "2017-01-12",
            "2017-06-30",
            ["2017-02-23", "2017-04-06", "2017-05-18", "2017-06-29"],
        ),
        ("fortnightly", "2017-12-18", "2018-01-15", ["2018-01-01", "2018-01-15"]),
        ("quarterly", "2017-09-22", "2018-03-22", ["2017-12-22", "2018-03-22"]),
        ("monthly", "2017-01-31", "2017-05-01", ["2017-02-28", "2017-03-31", "2017-04-30"]),
        ("monthly", "2015-12-31", "2016-03-01", ["2016-01-31", "2016-02-29"]),
        ("yearly", "2016-02-29", "2018-03-01", ["2017-02-28", "2018-02-28"]),
        ("every 6 weeks", "2017-01-12", "2017-01-20", []),
    ],
)
def test_days_that_follow_a_meeting(rule: str, last: str, until: str, days: list[str]) -> None:
    due = days_due(parse_cycle(rule), date.fromisoformat(last), date.fromisoformat(until))
    assert [day.isoformat() for day in due] == days
