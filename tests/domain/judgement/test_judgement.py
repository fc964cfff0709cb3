from datetime import date
from decimal import Decimal

import pytest

from app.domain.figures.figure import Figure, FigureStatus, Missing
from app.domain.judgement.judgement import Judgement, JudgementQuery, judge
from app.domain.period import financial_year
from app.domain.period_text import parse_period
from app.domain.plan.baseline import Baseline
from app.domain.plan.indicator import AddsUp, Break, Frequency, Indicator, Measure, Window
from app.domain.plan.target_version import TargetVersion
from app.domain.plan.target_words import parse
from tests.domain.quarters import fig, quarterly

TODAY = date(2017, 12, 20)
PLAN = parse_period("2017-04/2020-03")
COUNT = Indicator()
ROLLING = Indicator(measure=Measure.PERCENTAGE, window=Window.ROLLING_YEAR, adds_up=AddsUp.RATIO, decimals=1)
YEARLY = Indicator(measure=Measure.PERCENTAGE, survey=True, frequency=Frequency.YEAR, adds_up=AddsUp.LATEST)


def judged(
    figures: list[Figure], period: str | None = None, indicator: Indicator = COUNT, today: date = TODAY
) -> Judgement:
    asked = None if period is None else parse_period(period)
    baseline = Baseline(financial_year(2016), Decimal(85))
    figures = sorted(figures, key=lambda f: f.period)
    query = JudgementQuery(asked, today, PLAN)
    return judge(indicator, [TargetVersion(parse("Fewer than 85"))], baseline, figures, query)


AWAITED = Figure(parse_period("2017-18-Q2"), None, missing=Missing.AWAITED, expected_on=date(2017, 12, 31))
FORECAST = Figure(parse_period("2017-18-Q2"), Decimal(20), FigureStatus.FORECAST)


@pytest.mark.parametrize(
    ("figures", "period", "latest", "status", "says"),
    [
        (quarterly(2017, [10, 11]), None, "2017-18-Q2", "on_track", "21 in April to September"),
        (quarterly(2017, [10, 11, 12]), None, "2017-18-Q2", "on_track", "21 in April to September"),
        (quarterly(2017, [18, 11]), "2017-18-Q1", "2017-18-Q1", "too_early", "18 in Q1"),
        (quarterly(2017, [10, 11]), "2017-18-Q2", "2017-18-Q2", "on_track", "21 in"),
        (
            quarterly(2017, [10, 11]),
            "2017-18-Q3",
            "2017-18-Q2",
            "no_data",
            "Q3 2017/18 (October to December 2017) has not ended",
        ),
        (quarterly(2017, [10, 11]), "2017-18", "2017-18-Q2", "on_track", "2017/18 has not ended"),
        (quarterly(2017, [18]), "2017-18-Q2", "2017-18-Q1", "no_data", "Nothing yet for Q2 2017/18"),
        (
            [*quarterly(2017, [18]), AWAITED],
            "2017-18-Q2",
            "2017-18-Q1",
            "no_data",
            "promised for 31 December 2017",
        ),
        ([*quarterly(2017, [18]), AWAITED], None, "2017-18-Q1", "too_early", "awaited"),
        ([AWAITED], None, None, "no_data", "promised for 31 December 2017"),
        ([*quarterly(2017, [18]), FORECAST], None, "2017-18-Q1", "too_early", "18 in Q1"),
        ([], None, None, "no_data", "No figure has been sent"),
        ([], "2017-18-Q2", None, "no_data", "Nothing yet for Q2"),
        (
            [fig("2017-07", 3), fig("2017-08", 4), fig("2017-09", 3), fig("2017-18-Q1", 10)],
            "2017-18-Q2",
            "2017-09",
            "on_track",
            "20 in April to September",
        ),
        ([fig("2017-04/2017-11", 90)], None, "2017-04/2017-11", "off_track", "April to November 2017"),
        (
            [*quarterly(2016, [20, 20, 20, 20]), fig("2016-17", 80)],
            "2016-17",
            "2016-17-Q4",
            "no_data",
            "before the plan",
        ),
    ],
)
def test_which_figure_is_judged(
    figures: list[Figure], period: str | None, latest: str | None, status: str, says: str
) -> None:
    found = judged(figures, period)
    assert (None if found.latest is None else str(found.latest.period)) == latest
    assert found.rating.status.value == status, found.rating.reason
    assert says in found.rating.reason


def test_a_rolling_figure_that_ends_with_the_quarter_is_that_quarters() -> None:
    found = judged([fig("2016-10/2017-09", "43.3"), fig("2016-07/2017-06", "42")], "2017-18-Q2", ROLLING)
    assert found.position is not None
    assert found.position.words == "43.3% in 12 months to September 2017"
    assert "Nothing yet" not in found.rating.reason


def test_a_yearly_figure_stands_until_the_next_and_says_it_is_older() -> None:
    found = judged([fig("2017-18", "78")], "2018-19-Q2", YEARLY, date(2018, 12, 20))
    assert found.rating.status.value == "met"
    assert "Nothing yet for Q2 2018/19" in found.rating.reason
    assert "The newest is for 2017/18." in found.rating.reason


def test_the_position_is_the_year_to_date_and_the_latest_twelve_months() -> None:
    found = judged(quarterly(2015, [20, 20, 20, 20, 20, 20, 20, 20, 25, 25]))
    assert found.position is not None
    assert (str(found.position.period), found.position.value) == ("2017-04/2017-09", Decimal(50))
    assert found.position.words == (
        "50 in April to September 2017; 90 in the latest twelve months, up 12.5% on the twelve before"
    )


def test_twelve_months_are_not_compared_across_a_break() -> None:
    changed = Indicator(breaks=(Break(financial_year(2017).first, "recording changed"),))
    found = judged(quarterly(2015, [20, 20, 20, 20, 20, 20, 20, 20, 25, 25]), indicator=changed)
    assert found.position is not None
    assert found.position.words == "50 in April to September 2017", "nor added up over it"


def test_a_part_year_with_a_quarter_missing_is_not_a_total() -> None:
    found = judged([fig("2017-18-Q2", 21)])
    assert found.position is not None
    assert found.position.words == "21 in Q2 2017/18"
    assert found.rating.status.value == "no_data"
    assert "missing: Q1 2017/18" in found.rating.reason


LONG = [*quarterly(2014, [20, 20, 20, 20]), *quarterly(2015, [20, 20, 20, 20]), *quarterly(2016, [20] * 4)]
OCTOBER = fig("2017-10", 9)


def test_a_month_of_a_quarterly_count_waits_for_its_quarter() -> None:
    """It spoils nothing that was known without it."""
    without = judged([*LONG, *quarterly(2017, [19, 19])])
    found = judged([*LONG, *quarterly(2017, [19, 19]), OCTOBER])
    assert found == without
    assert found.latest is not None
    assert str(found.latest.period) == "2017-18-Q2"


@pytest.mark.parametrize(
    ("figures", "period", "latest"),
    [
        ([*LONG, *quarterly(2017, [19, 19]), OCTOBER], "2017-10", "2017-10"),
        ([*LONG, fig("2016-10", 8), *quarterly(2017, [19, 19]), OCTOBER], None, "2017-10"),
        ([*LONG, *quarterly(2017, [19]), OCTOBER], None, "2017-10"),
        ([fig("2017-04", 8), fig("2017-05", 8)], None, "2017-05"),
    ],
)
def test_where_a_month_is_what_there_is_to_go_by(
    figures: list[Figure], period: str | None, latest: str
) -> None:
    """Asked for, sent a year before too, with its quarter and the one before it missing, or alone."""
    found = judged(figures, period).latest
    assert found is not None
    assert str(found.period) == latest


def test_a_straight_line_says_what_is_wanting() -> None:
    years = [*LONG, fig("2017-04/2017-08", 40)]
    assert "no earlier year being held to the same month" in judged(years).rating.reason
    assert "no complete earlier year being held" in judged([fig("2017-04/2017-08", 30)]).rating.reason


def test_a_year_is_compared_with_the_quarters_of_the_one_before() -> None:
    found = judged([*quarterly(2015, [20] * 4), fig("2016-17", 60)], today=date(2017, 5, 1))
    assert found.trend.reason.startswith("Down 25.0% on the year before")
