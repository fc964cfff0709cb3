"""A year to date sent as a quarter or a month; and the ordinary years that are not asked about."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from app.domain.figures.row_warning import RowWarning
from app.domain.figures.running_total import running_total_warning
from app.domain.period import Period
from app.domain.plan.indicator import AddsUp, Break, Indicator, Measure, Window

APRIL_2016, APRIL_2017 = 2016 * 12 + 3, 2017 * 12 + 3
COUNT = Indicator(unit="offences")


def warning(
    of_year: Sequence[int], year_before: Sequence[int] = (), indicator: Indicator = COUNT, months: int = 3
) -> RowWarning | None:
    """For the last of a year's figures."""
    series = {APRIL_2016 + months * n: Decimal(each) for n, each in enumerate(year_before)}
    series |= {APRIL_2017 + months * n: Decimal(each) for n, each in enumerate(of_year)}
    last = Period(APRIL_2017 + months * (len(of_year) - 1), months)
    return running_total_warning(Decimal(of_year[-1]), last, series, indicator)


@pytest.mark.parametrize(
    ("of_year", "year_before"),
    [
        ((1000, 2050), ()),
        ((1000, 1900), ()),
        ((1000, 1050, 3040), ()),
        ((1000, 1050, 980, 4100), ()),
        ((60, 125), ()),
        ((1000, 2000, 3000), ()),
        ((1000, 2000, 3000, 4000), ()),
        ((4010, 8200), (4120, 4380, 3651, 3336)),
        ((4010, 4200, 11800), (4120, 4380, 3651, 3336)),
        ((1000, 1600), (990, 610, 620, 1000)),
    ],
)
def test_a_running_total_is_told(of_year: Sequence[int], year_before: Sequence[int]) -> None:
    found = warning(of_year, year_before)
    assert found is not None
    assert found.code == "year_to_date"


@pytest.mark.parametrize(
    ("of_year", "year_before"),
    [
        ((2050,), ()),
        ((1000, 1000), ()),
        ((1000, 1400), ()),
        ((1000, 1050, 1600), ()),
        ((1000, 2000, 1000), ()),
        ((3, 6), ()),
        ((12, 25), ()),
        ((4, 9, 14), ()),
        ((30, 60, 31), ()),
        ((0, 40), ()),
        ((1000, 5000), ()),
        ((300, 620), (290, 600, 280, 310)),
        ((300, 620), (610, 280, 300, 310)),
        ((800, 830), (4120, 4380, 3651, 3336)),
    ],
)
def test_an_ordinary_year_is_not_asked_about(of_year: Sequence[int], year_before: Sequence[int]) -> None:
    """Steady ones, small counts, seasons, a height that the year before had too, a year's first figure."""
    assert warning(of_year, year_before) is None


def test_months_have_running_totals_too() -> None:
    assert warning((100, 98, 103, 405), months=1) is not None
    assert warning((100, 98, 103, 104), months=1) is None
    assert warning((100,), (100,) * 12, months=12) is None


@pytest.mark.parametrize(
    "indicator",
    [
        Indicator(measure=Measure.PERCENTAGE, adds_up=AddsUp.RATIO),
        Indicator(window=Window.ROLLING_YEAR),
        Indicator(survey=True),
        Indicator(breaks=(Break(APRIL_2017 + 3, "new classes"),)),
    ],
)
def test_only_what_adds_up_has_one(indicator: Indicator) -> None:
    assert warning((1000, 2050), indicator=indicator) is None


def test_a_gap_in_the_year_says_nothing() -> None:
    second = Period(APRIL_2017 + 6, 3)
    assert running_total_warning(Decimal(3000), second, {APRIL_2017: Decimal(1000)}, COUNT) is None


def test_the_message_says_what_to_send() -> None:
    found = warning((4010, 8200), (4120, 4380))
    assert found is not None
    assert found.words == (
        "8,200 is about what 2017/18 would have come to by then (8,273: 4,010 before, and about 4,263 expected for "
        "Q2 2017/18). Is it the year to date? Then send Q2 2017/18 alone: 4,190."
    )
