from datetime import date
from decimal import Decimal

import pytest

from app.domain.errors import RuleBroken
from app.domain.figures.figure import (
    Figure,
    FigureStatus,
    Missing,
    Qualifier,
    figure_words,
    mark,
    ratio_value,
)
from app.domain.period import financial_year, quarter
from app.domain.period_text import parse_period
from app.domain.plan.baseline import Baseline, BaselineYear, NoBaseline
from app.domain.plan.indicator import AddsUp, Break, Frequency, Indicator, Measure, Window

PERCENTAGE = Indicator(measure=Measure.PERCENTAGE, adds_up=AddsUp.RATIO, decimals=1)
RATE = Indicator(measure=Measure.RATE, per=1000, unit="residents", decimals=1)
MEAN = Indicator(measure=Measure.MEAN, adds_up=AddsUp.MEAN, unit="days", decimals=1)


@pytest.mark.parametrize(
    ("numerator", "denominator", "indicator", "value"),
    [
        ("94", "2000", PERCENTAGE, "4.7"),
        ("1", "3", PERCENTAGE, "33.333333"),
        ("2226", "530000", RATE, "4.2"),
        ("70", "5", MEAN, "14"),
        ("0", "5", PERCENTAGE, "0"),
    ],
)
def test_two_parts_make_a_value(numerator: str, denominator: str, indicator: Indicator, value: str) -> None:
    assert ratio_value(Decimal(numerator), Decimal(denominator), indicator) == Decimal(value)


@pytest.mark.parametrize(
    ("denominator", "indicator", "code"),
    [
        ("0", PERCENTAGE, "zero_denominator"),
        ("-1", RATE, "zero_denominator"),
        ("5", Indicator(), "not_a_ratio"),
    ],
)
def test_parts_that_make_no_value(denominator: str, indicator: Indicator, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        ratio_value(Decimal(1), Decimal(denominator), indicator)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("value", "indicator", "text"),
    [
        ("43.3", PERCENTAGE, "43.3%"),
        ("4.2", RATE, "4.2 per 1,000 residents"),
        ("14", MEAN, "14.0 days"),
        ("1407", Indicator(unit="offences"), "1,407"),
        ("5000", Indicator(measure=Measure.MONEY), "£5,000"),
    ],
)
def test_an_indicators_own_words(value: str, indicator: Indicator, text: str) -> None:
    assert indicator.words(Decimal(value)) == text


Q2 = quarter(2017, 2)


@pytest.mark.parametrize(
    ("figure", "marks", "text"),
    [
        (Figure(Q2, Decimal(40), qualifier=Qualifier.ABOUT), "[p]", "about 40"),
        (Figure(Q2, Decimal(250), FigureStatus.FINAL, Qualifier.OVER), "", "over 250"),
        (Figure(Q2, Decimal(271), FigureStatus.ESTIMATED), "[e]", "271"),
        (Figure(Q2, Decimal(271), FigureStatus.FORECAST), "[f]", "271"),
        (Figure(Q2, None, missing=Missing.CONFIDENTIAL), "[c]", "confidential"),
        (Figure(Q2, None, missing=Missing.NOT_APPLICABLE), "[z]", "not applicable"),
        (
            Figure(Q2, None, missing=Missing.AWAITED, expected_on=date(2017, 11, 30)),
            "[x]",
            "awaited, promised for 30 November 2017",
        ),
    ],
)
def test_marks_and_words_of_a_figure(figure: Figure, marks: str, text: str) -> None:
    assert mark(figure) == marks
    assert figure_words(figure, Indicator()) == text


def test_several_marks_stand_side_by_side() -> None:
    assert mark(Figure(Q2, Decimal(1)), revised=True, after_break=True, unreliable=True) == "[p] [r] [b] [u]"


def test_frequencies_have_lengths() -> None:
    assert [f.months for f in (Frequency.MONTH, Frequency.QUARTER, Frequency.YEAR)] == [1, 3, 12]


def test_only_sums_of_their_own_period_accumulate() -> None:
    assert Indicator().accumulates
    assert not Indicator(window=Window.ROLLING_YEAR).accumulates
    assert not Indicator(survey=True).accumulates
    assert not PERCENTAGE.accumulates


def test_a_break_parts_the_months_before_it_from_those_it_takes_effect_in() -> None:
    april = financial_year(2017).first
    burglary = Indicator(breaks=(Break(april, "new classification"),))
    assert burglary.break_between(april - 1, april) == burglary.breaks[0]
    assert burglary.break_between(april, april + 11) is None
    assert burglary.break_between(april - 12, april - 1) is None
    restated = Indicator(breaks=(Break(april, "new classification", backcast=True),))
    assert restated.break_between(april - 12, april) is None


def test_exceptional_months() -> None:
    locked_down = Indicator(exceptional=(parse_period("2020-21"),))
    assert locked_down.is_exceptional(quarter(2020, 4).first, quarter(2021, 1).last)
    assert not locked_down.is_exceptional(quarter(2021, 1).first, quarter(2021, 1).last)


def test_baselines_in_words() -> None:
    baseline = Baseline(financial_year(2015), Decimal("62.6"), "when data was last collected")
    assert baseline.words == "62.6 in 2015/16 (when data was last collected)"
    assert baseline.words_in(PERCENTAGE) == "62.6% in 2015/16 (when data was last collected)"
    assert NoBaseline("new recording classification").words == "None: new recording classification"
    assert NoBaseline("").words == "None"
    assert BaselineYear(financial_year(2017)).words == "2017/18 is the baseline year"
