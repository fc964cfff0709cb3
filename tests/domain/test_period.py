from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import RuleBroken
from app.domain.period import (
    EARLIEST,
    LATEST,
    Period,
    containing,
    financial_year,
    month,
    quarter,
    twelve_months_to,
    year_to_date,
)
from app.domain.period_text import parse_period

periods = st.integers(1, 120).flatmap(
    lambda months: st.builds(Period, st.integers(EARLIEST, LATEST - months + 1), st.just(months))
)
middling = st.builds(Period, st.integers(1990 * 12, 2100 * 12), st.integers(1, 60))


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2017-18", date(2017, 4, 1), date(2018, 3, 31), "2017/18 (April 2017 to March 2018)"),
        ("2017-18-Q2", date(2017, 7, 1), date(2017, 9, 30), "Q2 2017/18 (July to September 2017)"),
        ("2017-18-Q4", date(2018, 1, 1), date(2018, 3, 31), "Q4 2017/18 (January to March 2018)"),
        ("2017-09", date(2017, 9, 1), date(2017, 9, 30), "September 2017"),
        ("2017-04/2017-11", date(2017, 4, 1), date(2017, 11, 30), "April to November 2017"),
        ("2016-10/2017-09", date(2016, 10, 1), date(2017, 9, 30), "12 months to September 2017"),
        ("2015-11/2016-02", date(2015, 11, 1), date(2016, 2, 29), "November 2015 to February 2016"),
        ("2009-10/2009-10", date(2009, 10, 1), date(2009, 10, 31), "October 2009"),
        ("2009-04/2010-03", date(2009, 4, 1), date(2010, 3, 31), "2009/10 (April 2009 to March 2010)"),
        ("2009-10-Q3", date(2009, 10, 1), date(2009, 12, 31), "Q3 2009/10 (October to December 2009)"),
        ("1999-00", date(1999, 4, 1), date(2000, 3, 31), "1999/00 (April 1999 to March 2000)"),
        ("2199-12", date(2199, 12, 1), date(2199, 12, 31), "December 2199"),
    ],
)
def test_canonical_texts_read_and_print(text: str, start: date, end: date, label: str) -> None:
    period = parse_period(text)
    assert (str(period), period.start, period.end, period.label) == (text, start, end, label)


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("2017-04/2018-03", "2017-18"),
        ("2017-07/2017-09", "2017-18-Q2"),
        ("2017-09/2017-09", "2017-09"),
        ("2018-01/2018-03", "2017-18-Q4"),
    ],
)
def test_the_same_months_are_the_same_period(text: str, same_as: str) -> None:
    assert parse_period(text) == parse_period(same_as)
    assert str(parse_period(text)) == same_as


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2018", "2018-19 (April 2018 to March 2019)"),
        ("2018", "2018-01/2018-12"),
        ("2025-Q5", "2025-26-Q1 (April to June 2025)"),
        ("2018-Q1", "2017-18-Q4 (January to March 2018)"),
        ("2018-Q1", "2018-19-Q1 (April to June 2018)"),
        ("2018-Q2", "2018-19-Q1 (April to June 2018)"),
        ("Q2 2018", "2018-19-Q2 (July to September 2018)"),
        ("Q2 2017/18", "Did you mean 2017-18-Q2?"),
        ("2017/18", "Did you mean 2017-18?"),
        ("2017-2018", "Did you mean 2017-18?"),
        ("2009/10", "Did you mean 2009-04/2010-03?"),
        ("2017-19", "did you mean 2017-18?"),
        ("2017-13", "There is no month 13: months are 01 to 12. For the financial year write 2017-18."),
        ("2017-17", "months are 01 to 12"),
        ("2010-13", "such as 2010-04/2012-03"),
        ("2017-18-Q5", "2017-18-Q1"),
        ("2017-19-Q2", "write 2017-18-Q2"),
        ("2017-11/2017-04", "did you mean 2017-04/2017-11?"),
        ("2007-04/2017-04", "1 to 120 months"),
        ("1899-12", "1900 to 2199"),
        ("2199-00", "1900 to 2199"),
        ("9999-Q2", "1900 to 2199"),
        ("9999/00", "1900 to 2199"),
        ("2009-10", "2009-04/2010-03 for the year, or 2009-10/2009-10 for the month"),
        ("2017-00", "There is no month 00"),
        ("", "Expected"),
        (" 2017-18", "Did you mean 2017-18?"),
        ("2017-18\n", "Did you mean 2017-18?"),
        ("２０１７-18", "plain digits"),
        ("2017-1\u0668", "plain digits"),
        ("2017\u200b-18", "plain digits"),
        ("\u202e2017-18", "plain digits"),
        ("2017‐18", "plain digits"),
        ("2017-9", "plain digits"),
        ("x" * 5000, "plain digits"),
    ],
)
def test_a_refusal_says_what_was_probably_meant(text: str, says: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        parse_period(text)
    assert refused.value.field == "period"
    assert refused.value.code == "bad_period"
    assert says in refused.value.message


def test_steps_and_years() -> None:
    q4 = quarter(2017, 4)
    assert q4.next() == quarter(2018, 1)
    assert q4.previous(4) == quarter(2016, 4) == q4.a_year_before()
    assert q4.financial_year() == financial_year(2017)
    assert financial_year(2017).quarters() == tuple(quarter(2017, n) for n in (1, 2, 3, 4))
    assert parse_period("2017-04/2017-11").quarters() == ()
    assert parse_period("2017-05/2017-07").quarters() == ()
    assert str(year_to_date(quarter(2017, 2))) == "2017-04/2017-09"
    assert year_to_date(month(2017, 4)) == month(2017, 4)
    assert str(twelve_months_to(quarter(2017, 2))) == "2016-10/2017-09"
    assert quarter(2017, 2).short_label == "Q2 2017/18"


@pytest.mark.parametrize(
    ("day", "months", "text"),
    [
        (date(2017, 12, 20), 1, "2017-12"),
        (date(2017, 12, 20), 3, "2017-18-Q3"),
        (date(2018, 3, 31), 12, "2017-18"),
        (date(2018, 4, 1), 12, "2018-19"),
    ],
)
def test_the_period_a_day_falls_in(day: date, months: int, text: str) -> None:
    assert str(containing(day, months)) == text


def test_only_whole_reporting_lengths_contain_a_day() -> None:
    with pytest.raises(RuleBroken):
        containing(date(2017, 4, 1), 2)


@pytest.mark.parametrize(
    ("on", "ended"), [(date(2017, 9, 29), False), (date(2017, 9, 30), False), (date(2017, 10, 1), True)]
)
def test_a_period_has_ended_the_day_after_its_last(on: date, ended: bool) -> None:
    assert quarter(2017, 2).has_ended(on) is ended


def test_ordered_by_start_then_length() -> None:
    assert sorted([quarter(2017, 2), financial_year(2017), quarter(2017, 1), month(2017, 4)]) == [
        month(2017, 4),
        quarter(2017, 1),
        financial_year(2017),
        quarter(2017, 2),
    ]


@given(periods)
def test_printing_and_reading_are_inverse(period: Period) -> None:
    assert parse_period(str(period)) == period


@given(periods, periods)
def test_different_periods_have_different_texts(one: Period, other: Period) -> None:
    assert (str(one) == str(other)) == (one == other)


@given(middling, st.integers(-10, 10))
def test_a_step_and_its_inverse(period: Period, n: int) -> None:
    assert period.next(n).previous(n) == period
    assert period.next(n).months == period.months


@given(middling)
def test_splitting_adds_back_up(period: Period) -> None:
    parts = period.split()
    assert len(parts) == period.months
    assert parts[0].start == period.start
    assert parts[-1].end == period.end
    assert all(a.next() == b for a, b in pairwise(parts))
    assert all(period.contains(part) for part in parts)


@given(middling)
def test_a_year_before_is_twelve_months_earlier(period: Period) -> None:
    before = period.a_year_before()
    assert before.months == period.months
    assert (before.start.year + 1, before.start.month) == (period.start.year, period.start.month)
    assert before.overlaps(period) == (period.months > 12)


@given(middling, middling)
def test_containing_and_overlapping(one: Period, other: Period) -> None:
    shared = {m.first for m in one.split()} & {m.first for m in other.split()}
    assert one.overlaps(other) == bool(shared)
    assert one.contains(other) == (len(shared) == other.months)


@given(middling)
def test_has_ended_agrees_with_its_last_day(period: Period) -> None:
    assert not period.has_ended(period.end)
    assert period.has_ended(date.fromordinal(period.end.toordinal() + 1))


@given(st.text(max_size=24))
def test_reading_accepts_or_refuses_but_never_breaks(text: str) -> None:
    try:
        period = parse_period(text)
    except RuleBroken:
        return
    assert text.isascii()
    assert parse_period(str(period)) == period


@pytest.mark.parametrize(
    ("period", "shown"),
    [
        ("2017-18-Q2", ("Q2", "2017/18")),
        ("2017-18", ("2017/18", "")),
        ("2017-09", ("Sep", "2017")),
        ("2011-04/2012-03", ("2011/12", "")),
        ("2011-04/2011-12", ("Dec", "2011")),
        ("2016-10/2017-09", ("Sep", "2017")),
    ],
)
def test_names_along_an_axis(period: str, shown: tuple[str, str]) -> None:
    assert parse_period(period).axis_label == shown
