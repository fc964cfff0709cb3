from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.figures.aggregate import Parts, add_up
from app.domain.figures.figure import Figure, FigureStatus, Missing
from app.domain.period import Period, financial_year, quarter
from app.domain.period_text import parse_period
from app.domain.plan.indicator import AddsUp, Indicator, Measure, Window

COUNT = Indicator()
RATIO = Indicator(measure=Measure.PERCENTAGE, adds_up=AddsUp.RATIO)
LATEST = Indicator(adds_up=AddsUp.LATEST)
MEAN = Indicator(measure=Measure.MEAN, adds_up=AddsUp.MEAN)
ROLLING = Indicator(window=Window.ROLLING_YEAR)


def figure(
    period: str, value: str | None, numerator: str | None = None, denominator: str | None = None
) -> Figure:
    return Figure(
        parse_period(period),
        None if value is None else Decimal(value),
        numerator=None if numerator is None else Decimal(numerator),
        denominator=None if denominator is None else Decimal(denominator),
    )


QUARTERS = [figure(f"2017-18-Q{n}", str(100 + n)) for n in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("indicator", "figures", "period", "value"),
    [
        (COUNT, QUARTERS, "2017-18", "410"),
        (COUNT, QUARTERS[:2], "2017-04/2017-09", "203"),
        (COUNT, [*QUARTERS[:2], figure("2017-18", "999")], "2017-18", "999"),
        (COUNT, [*QUARTERS[1:], figure("2017-04", "30"), figure("2017-05/2017-06", "71")], "2017-18", "410"),
        (COUNT, [*QUARTERS, figure("2017-04/2017-11", "268")], "2017-18", "410"),
        (COUNT, [figure("2017-18-Q1", "0"), figure("2017-18-Q2", "0")], "2017-04/2017-09", "0"),
        (
            RATIO,
            [figure("2017-18-Q1", "50", "5", "10"), figure("2017-18-Q2", "10", "9", "90")],
            "2017-04/2017-09",
            "14",
        ),
        (LATEST, QUARTERS, "2017-18", "104"),
        (LATEST, QUARTERS[3:], "2017-18", "104"),
        (MEAN, QUARTERS[:2], "2017-04/2017-09", "101.5"),
        (MEAN, [figure("2017-04/2017-08", "10"), figure("2017-09", "16")], "2017-04/2017-09", "11"),
        (
            MEAN,
            [figure("2017-18-Q1", "10", "100", "10"), figure("2017-18-Q2", "20", "20", "1")],
            "2017-04/2017-09",
            "10.909091",
        ),
        (ROLLING, [figure("2016-10/2017-09", "41")], "2016-10/2017-09", "41"),
    ],
)
def test_totals(indicator: Indicator, figures: list[Figure], period: str, value: str) -> None:
    total = add_up(figures, indicator, parse_period(period))
    assert total.value == Decimal(value)
    assert total.missing == ()
    assert total.reason == ""


@pytest.mark.parametrize(
    ("indicator", "figures", "missing", "reason"),
    [
        (COUNT, QUARTERS[:3], ["2017-18-Q4"], "Q4 2017/18"),
        (COUNT, [], ["2017-18-Q1", "2017-18-Q2", "2017-18-Q3", "2017-18-Q4"], "Q1 2017/18"),
        (
            COUNT,
            [QUARTERS[0], figure("2017-07", "3"), *QUARTERS[2:]],
            ["2017-08/2017-09"],
            "August to September",
        ),
        (COUNT, [*QUARTERS[:3], figure("2017-18-Q4", None)], ["2017-18-Q4"], "not a total"),
        (COUNT, [figure("2017-04/2017-11", "5"), figure("2017-10/2018-03", "6")], [], "overlap"),
        (RATIO, [figure(f"2017-18-Q{n}", "50") for n in (1, 2, 3, 4)], [], "no numerator"),
        (RATIO, [figure(f"2017-18-Q{n}", "0", "0", "0") for n in (1, 2, 3, 4)], [], "above zero"),
        (LATEST, QUARTERS[:3], ["2018-03"], "no figure ends with March 2018"),
        (ROLLING, QUARTERS, ["2017-18"], "overlap"),
    ],
)
def test_what_is_not_a_total_says_which_part_is_missing(
    indicator: Indicator, figures: list[Figure], missing: list[str], reason: str
) -> None:
    total = add_up(figures, indicator, financial_year(2017))
    assert total.value is None
    assert [str(p) for p in total.missing] == missing
    assert reason in total.reason


def test_a_forecast_and_a_missing_figure_are_no_part() -> None:
    forecast = Figure(quarter(2017, 4), Decimal(104), FigureStatus.FORECAST)
    awaited = Figure(quarter(2017, 4), None, missing=Missing.AWAITED)
    for last in (forecast, awaited):
        assert add_up([*QUARTERS[:3], last], COUNT, financial_year(2017)).missing == (quarter(2017, 4),)


def test_where_months_are_held_twice_the_longer_figure_is_used() -> None:
    next_year = [figure(f"2018-19-Q{n}", "1") for n in (1, 2, 3, 4)]
    held = [*QUARTERS, figure("2017-18", "999"), *next_year]
    assert add_up(held, COUNT, parse_period("2017-04/2019-03")).value == 1003


def test_a_gap_in_the_middle_leaves_no_sum() -> None:
    parts = Parts([QUARTERS[0], QUARTERS[2]])
    assert parts.sum(QUARTERS[0].period.first, QUARTERS[2].period.last) is None
    assert parts.sum(QUARTERS[2].period.first, QUARTERS[2].period.last) == 103


def test_many_ways_to_begin_and_none_to_end_are_tried_once_each() -> None:
    decade = parse_period("2010-04/2020-03")
    lengths = [Figure(p, Decimal(1)) for p in (*decade.quarters(), *decade.split())][:-1]
    total = add_up([f for f in lengths if f.period.last < decade.last], COUNT, decade)
    assert [str(p) for p in total.missing] == ["2020-03"]


@given(st.lists(st.integers(0, 10**6), min_size=12, max_size=12), st.lists(st.integers(1, 4), min_size=12))
def test_however_a_year_is_cut_its_sum_is_the_same(values: list[int], cuts: list[int]) -> None:
    year, figures, at = financial_year(2017), [], 0
    for cut in cuts:
        run = values[at : at + cut]
        if run:
            figures.append(Figure(Period(year.first + at, len(run)), Decimal(sum(run))))
        at += cut
    assert add_up(figures, COUNT, year).value == sum(values)
    assert Parts(figures).uncovered(year) == ()
