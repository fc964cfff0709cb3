from decimal import Decimal
from typing import Any

import pytest

from app.domain.figures.figure import Figure
from app.domain.judgement.goal import Goal
from app.domain.judgement.series import Series
from app.domain.judgement.trend import Trend, trend
from app.domain.period import financial_year
from app.domain.plan.indicator import AddsUp, Break, Frequency, Indicator, Measure, Polarity, Window
from tests.domain.quarters import fig, quarterly

LOWER = Indicator()
APRIL_2017 = financial_year(2017).first


def percentage(**facts: Any) -> Indicator:
    facts = {"polarity": Polarity.HIGHER_IS_BETTER, "adds_up": AddsUp.RATIO, "decimals": 1, **facts}
    return Indicator(measure=Measure.PERCENTAGE, **facts)


SURVEY = percentage(survey=True, frequency=Frequency.YEAR)
ROLLING = percentage(window=Window.ROLLING_YEAR)


def seen(indicator: Indicator, figures: list[Figure], band: Goal | None = None) -> Trend:
    figures = sorted(figures, key=lambda f: f.period)
    return trend(Series(indicator, figures), figures[-1] if figures else None, band)


NOISY = [100, 130, 120, 90, 140, 95, 125, 110, 90, 135, 100, 120, 130, 100, 90, 125]
EVEN = [100, 102, 99, 101] * 4


@pytest.mark.parametrize(
    ("indicator", "values", "direction"),
    [
        (LOWER, [*EVEN, 150, 155], "worsening"),
        (LOWER, [*EVEN, 60, 62], "improving"),
        (LOWER, [*EVEN, 105, 104], "no_real_change"),
        (LOWER, [*NOISY, 150, 130], "no_real_change"),
        (Indicator(polarity=Polarity.HIGHER_IS_BETTER), [*EVEN, 150, 155], "improving"),
        (Indicator(polarity=Polarity.MONITOR), [*EVEN, 150, 155], "up"),
        (Indicator(polarity=Polarity.MONITOR), [*EVEN, 60, 62], "down"),
        (Indicator(reporting_sensitive=True), [*EVEN, 150, 155], "up"),
        (LOWER, [1, 1, 2, 1] * 4 + [9, 8], "worsening"),
        (LOWER, [1, 1, 2, 1] * 4 + [3, 1], "no_real_change"),
        (LOWER, [*EVEN[:12], 150, 155], "not_tested"),
        (LOWER, [100, 101, 99], "not_tested"),
        (LOWER, [], "not_tested"),
    ],
)
def test_counts_allow_for_their_own_clustering(
    indicator: Indicator, values: list[int], direction: str
) -> None:
    found = seen(indicator, quarterly(2013, values))
    assert found.direction.value == direction, found.reason
    assert bool(found.test) == (direction not in ("not_tested", "not_comparable"))


def test_twelve_comparisons_are_needed_and_the_change_is_still_told() -> None:
    found = seen(LOWER, quarterly(2014, [100, 100, 100, 100] * 3 + [107, 107]))
    assert found.direction.value == "not_tested"
    assert found.reason.startswith(
        "Up 7.0% on the same months last year (as known now); 10 like-for-like comparisons, 12 needed"
    )
    assert seen(LOWER, quarterly(2014, [100, 100, 100, 100] * 4)).test
    one = seen(LOWER, quarterly(2016, [100, 100, 100, 100, 107]))
    assert "; 1 like-for-like comparison, 12 needed" in one.reason


@pytest.mark.parametrize(
    ("breaks", "exceptional", "direction"),
    [
        ((Break(APRIL_2017, "recording changed"),), (), "not_comparable"),
        ((Break(APRIL_2017, "recording changed", backcast=True),), (), "worsening"),
        ((), (financial_year(2016),), "not_comparable"),
        ((), (financial_year(2017),), "not_comparable"),
        ((), (financial_year(2012),), "worsening"),
        ((Break(APRIL_2017 - 24, "long ago"),), (), "not_tested"),
    ],
)
def test_breaks_and_exceptional_periods(breaks: Any, exceptional: Any, direction: str) -> None:
    indicator = Indicator(breaks=breaks, exceptional=exceptional)
    found = seen(indicator, quarterly(2013, [*EVEN, 150, 155]))
    assert found.direction.value == direction, found.reason


@pytest.mark.parametrize(
    ("before", "after", "direction", "says"),
    [
        # South Gloucestershire 2016/17; margins of about 2.9 points a wave are assumed, about 1,000 answers.
        (
            fig("2015-16", "80", margin=Decimal("2.9")),
            fig("2016-17", "78", margin=Decimal("2.9")),
            "no_real_change",
            "2.0 points",
        ),
        (
            fig("2015-16", "28.9", margin=Decimal("2.8")),
            fig("2016-17", "32.9", margin=Decimal("2.9")),
            "no_real_change",
            "4.0 points",
        ),
        (
            fig("2015-16", "28.9"),
            fig("2016-17", "32.9", margin=4, margin_of="difference"),
            "no_real_change",
            "4.0 points",
        ),
        (
            fig("2015-16", "28.9"),
            fig("2016-17", "32.9", margin=Decimal("3.9"), margin_of="difference"),
            "improving",
            "Up 4.0",
        ),
        (
            fig("2015-16", "28.9"),
            fig("2016-17", "32.9", margin=Decimal("3.9"), margin_of="difference", margin_level=Decimal(90)),
            "no_real_change",
            "4.6 at 95%",
        ),
        (
            fig("2015-16", "22.4", sample_size=1000),
            fig("2016-17", "18.9", sample_size=1000),
            "no_real_change",
            "Newcombe",
        ),
        (
            fig("2015-16", "22.4", sample_size=2000),
            fig("2016-17", "18.9", sample_size=2000),
            "worsening",
            "Newcombe",
        ),
        (
            fig("2013-14", "22.4", sample_size=2000),
            fig("2016-17", "18.9", sample_size=2000),
            "worsening",
            "on 2013/14",
        ),
        (fig("2015-16", "22.4"), fig("2016-17", "18.9"), "not_tested", "margin or sample sizes"),
    ],
)
def test_surveys(before: Figure, after: Figure, direction: str, says: str) -> None:
    found = seen(SURVEY, [before, after])
    assert found.direction.value == direction, found.reason
    assert says in found.reason


def ratio(period: str, numerator: int, denominator: int) -> Figure:
    value = Decimal(100 * numerator) / denominator
    return fig(period, str(value), numerator=Decimal(numerator), denominator=Decimal(denominator))


@pytest.mark.parametrize(
    ("indicator", "figures", "direction", "says"),
    [
        (
            ROLLING,
            [ratio("2015-10/2016-09", 80, 1900), ratio("2016-10/2017-09", 94, 2000)],
            "no_real_change",
            "0.5 points",
        ),
        (
            ROLLING,
            [ratio("2015-10/2016-09", 80, 1900), ratio("2016-10/2017-09", 140, 2000)],
            "improving",
            "Newcombe",
        ),
        (
            ROLLING,
            [ratio("2016-07/2017-06", 80, 1900), ratio("2016-10/2017-09", 140, 2000)],
            "not_tested",
            "overlap",
        ),
        (
            ROLLING,
            [fig("2015-10/2016-09", "42.4"), fig("2016-10/2017-09", "43.3")],
            "not_tested",
            "Up 0.9 points",
        ),
        (
            ROLLING,
            [fig("2016-10/2017-09", "43.3")],
            "not_tested",
            "no figure for 12 months to September 2016",
        ),
        (
            percentage(),
            [ratio("2016-17-Q2", 10, 100), ratio("2017-18-Q2", 30, 100)],
            "improving",
            "Up 20.0 points",
        ),
        (
            percentage(polarity=Polarity.LOWER_IS_BETTER),
            [ratio("2016-17-Q2", 10, 100), ratio("2017-18-Q2", 30, 100)],
            "worsening",
            "Up",
        ),
        (
            percentage(),
            [ratio("2017-18-Q1", 10, 100), ratio("2017-18-Q2", 30, 100)],
            "not_tested",
            "no figure for",
        ),
        (
            Indicator(window=Window.ROLLING_YEAR),
            [fig("2015-10/2016-09", 100), fig("2016-10/2017-09", 200)],
            "not_tested",
            "Up 100.0%",
        ),
        (
            Indicator(measure=Measure.MONEY),
            quarterly(2013, [*EVEN, 150, 155]),
            "not_tested",
            "no test for a sum of money",
        ),
        (LOWER, [fig("2016-17", 100), fig("2017-18", 120)], "not_tested", "Up 20.0%"),
    ],
)
def test_other_comparisons(indicator: Indicator, figures: list[Figure], direction: str, says: str) -> None:
    found = seen(indicator, figures)
    assert found.direction.value == direction, found.reason
    assert says in found.reason


def test_rare_events_are_tested_exactly() -> None:
    assert seen(LOWER, quarterly(2013, [1, 1, 2, 1] * 4 + [9, 8])).test == "exact Poisson test at 5%"


def test_with_a_quarter_missing_the_quarter_itself_is_compared() -> None:
    found = seen(LOWER, [fig("2016-17-Q2", 100), fig("2017-18-Q2", 120)])
    assert found.reason.startswith("Up 20.0% on the same months last year")


def test_standing_counts_are_not_tested_as_events() -> None:
    found = seen(Indicator(adds_up=AddsUp.LATEST), quarterly(2013, [*EVEN, 150, 155]))
    assert found.direction.value == "not_tested"
    assert "standing counts" in found.reason


def test_windows_of_several_years_overlap_a_year_apart() -> None:
    found = seen(percentage(), [ratio("2013-04/2016-03", 10, 100), ratio("2014-04/2017-03", 40, 100)])
    assert found.direction.value == "not_tested"
    assert "overlap" in found.reason


@pytest.mark.parametrize(
    ("after", "label"), [(30, "Towards the band"), (60, "Away from the band"), (45, "No real change")]
)
def test_about_a_band_direction_is_towards_or_away(after: int, label: str) -> None:
    band = Goal(Decimal(20), Decimal(30), False, "Between 20% and 30%")
    figures = [ratio("2016-17-Q2", 450, 1000), ratio("2017-18-Q2", after * 10, 1000)]
    assert seen(percentage(polarity=Polarity.IN_BAND), figures, band).label == label


def test_a_move_within_the_band_is_only_a_move() -> None:
    band = Goal(Decimal(20), Decimal(30), False, "Between 20% and 30%")
    figures = [ratio("2016-17-Q2", 210, 1000), ratio("2017-18-Q2", 290, 1000)]
    assert seen(percentage(polarity=Polarity.IN_BAND), figures, band).label == "Up"
